//! registered-apps.txt and the apps agree, and each subproject without a manifest has a compose file.

use std::collections::HashSet;

use super::{Workspace, compose};
use crate::codes::Code;
use crate::diagnostics::{Finding, Fix, Location, Span};
use crate::registry;
use crate::rel_path::RelPath;

pub(super) fn check(workspace: &Workspace, findings: &mut Vec<Finding>) {
    let file = RelPath::root().join(registry::FILE_NAME);
    let entries = registry::parse(&workspace.registry);
    findings.extend(registry::check(&file, &entries, |folder| !workspace.absent.contains(folder)));

    let registered: HashSet<&RelPath> = entries.iter().filter_map(|entry| entry.path.as_ref().ok()).collect();
    for app in &workspace.apps {
        let folder = app.manifest.folder();
        if !registered.contains(&folder) && !app.manifest.unregistered_on_purpose {
            let message = format!("no line of {} registers {folder}", registry::FILE_NAME);
            let span = app.manifest.slug.as_ref().map_or(Span::START, |slug| slug.span);
            findings.push(
                Finding::new(Code::AppUnregistered, Location::at(&app.manifest.path, span), message)
                    .help("`scalr validate --fix` adds it; `x-unregistered: true` in the manifest says that it rests on purpose")
                    .fix(Fix::Register { path: folder.clone() }),
            );
        }
    }
    for entry in &entries {
        let Ok(folder) = &entry.path else { continue };
        if workspace.without_compose.contains(folder) {
            findings.push(compose::missing(Location::at(&file, entry.span), folder));
        }
    }
}
