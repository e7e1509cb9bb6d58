//! Slugs, ids, host ports and subnets that two apps claim.

use std::collections::HashMap;

use super::Workspace;
use crate::model::codes::Code;
use crate::model::diagnostics::{Finding, Location, Span};
use crate::model::manifest::{Manifest, Spanned};
use crate::model::ports::Role;
use crate::model::subnet::Subnet;

pub(super) fn check(workspace: &Workspace, findings: &mut Vec<Finding>) {
    let manifests = || workspace.apps.iter().map(|app| &app.manifest);
    let slugs = manifests().filter_map(|m| m.slug.as_ref().map(|slug| (slug.value.clone(), m, slug.span)));
    report(Code::SlugConflict, slugs, findings, |slug, other| {
        (
            format!("the slug `{slug}` is also that of {}", other.folder()),
            "choose another slug and rename the folder".to_owned(),
        )
    });
    let ids = manifests().filter_map(|m| m.id.as_ref().map(|id| (id.value.to_ascii_lowercase(), m, id.span)));
    report(Code::IdConflict, ids, findings, |_, other| {
        (format!("the id is also that of {}", other.folder()), "`uuidgen` prints a new one".to_owned())
    });
    ports(workspace, findings);
    subnets(workspace, findings);
}

fn subnets(workspace: &Workspace, findings: &mut Vec<Finding>) {
    let mut seen: Vec<(&Manifest, Subnet, Span)> = Vec::new();
    for manifest in workspace.apps.iter().map(|app| &app.manifest) {
        let Some(Spanned { value: Ok(subnet), span }) = &manifest.subnet else { continue };
        if let Some((other, held, other_span)) = seen.iter().find(|(_, held, _)| held.overlaps(*subnet)) {
            let message = if held == subnet {
                format!("the subnet {subnet} is also that of {}", name(other))
            } else {
                format!("the subnet {subnet} overlaps {held} of {}", name(other))
            };
            findings.push(
                Finding::new(Code::SubnetConflict, Location::at(&manifest.path, *span), message)
                    .related(Location::at(&other.path, *other_span), format!("subnet of {}", name(other)))
                    .help("`scalr ports` shows every subnet and the next free one"),
            );
        }
        seen.push((manifest, *subnet, *span));
    }
}

/// Ports conflict whatever their roles, also within one app.
fn ports(workspace: &Workspace, findings: &mut Vec<Finding>) {
    let mut first: HashMap<u16, (&Manifest, Role, Span)> = HashMap::new();
    for manifest in workspace.apps.iter().map(|app| &app.manifest) {
        for (role, port) in &manifest.ports {
            let Some((other, other_role, span)) = first.get(&port.value) else {
                first.insert(port.value, (manifest, *role, port.span));
                continue;
            };
            let message = format!("port {} is also the {other_role} of {}", port.value, name(other));
            findings.push(
                Finding::new(Code::PortConflict, Location::at(&manifest.path, port.span), message)
                    .related(Location::at(&other.path, *span), format!("{other_role} of {}", name(other)))
                    .help("`scalr ports` shows every block and the next free one"),
            );
        }
    }
}

fn report<'a>(
    code: Code,
    values: impl Iterator<Item = (String, &'a Manifest, Span)>,
    findings: &mut Vec<Finding>,
    words: impl Fn(&str, &Manifest) -> (String, String),
) {
    let mut first: HashMap<String, (&Manifest, Span)> = HashMap::new();
    for (value, manifest, span) in values {
        let Some((other, other_span)) = first.get(&value) else {
            first.insert(value, (manifest, span));
            continue;
        };
        let (message, help) = words(&value, other);
        findings.push(
            Finding::new(code, Location::at(&manifest.path, span), message)
                .related(Location::at(&other.path, *other_span), "and here")
                .help(help),
        );
    }
}

fn name(manifest: &Manifest) -> String {
    manifest.slug().map_or_else(|| manifest.folder().to_string(), str::to_owned)
}
