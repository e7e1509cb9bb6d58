//! Subscriptions to events without a publisher.

use std::collections::HashSet;

use super::Workspace;
use crate::codes::Code;
use crate::diagnostics::{Finding, Location};
use crate::suggest::Hints;

pub(super) fn check(workspace: &Workspace, findings: &mut Vec<Finding>) {
    let manifests = || workspace.apps.iter().map(|app| &*app.manifest);
    let published: HashSet<&str> =
        manifests().flat_map(|manifest| manifest.events_publish.iter().map(String::as_str)).collect();
    let mut hints = Hints::default();
    for manifest in manifests() {
        for event in &manifest.events_subscribe {
            if published.contains(event.value.as_str()) {
                continue;
            }
            let message = format!("no app publishes the event `{}`", event.value);
            let finding =
                Finding::new(Code::EventUnpublished, Location::at(&manifest.path, event.span), message);
            findings.push(match hints.nearest(&event.value, || published.iter().copied()) {
                Some(meant) => finding.label(format!("did you mean `{meant}`?")),
                None => finding.help("add it to the publisher's `events_publish`"),
            });
        }
    }
}
