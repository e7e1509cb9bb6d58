//! Slugs, ids, host ports and subnets that two apps claim.

use std::collections::HashMap;

use super::Workspace;
use crate::codes::Code;
use crate::diagnostics::{Finding, Location, Span};
use crate::manifest::{Manifest, Spanned};
use crate::ports::Role;
use crate::subnet::Subnet;

pub(super) fn check(workspace: &Workspace, findings: &mut Vec<Finding>) {
    let manifests = || workspace.apps.iter().map(|app| &*app.manifest);
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
    let apps = workspace.apps.iter().map(|app| &*app.manifest).enumerate();
    let mut claims: Vec<(Subnet, usize, &Manifest, Span)> = apps
        .filter_map(|(at, manifest)| {
            let Spanned { value, span } = manifest.subnet.as_ref()?;
            Some((value.clone().ok()?, at, manifest, *span))
        })
        .collect();
    // By the first address, and a large network before those inside of it, so that overlapping networks are neighbours.
    claims.sort_by_key(|(subnet, at, ..)| (*subnet, *at));
    let mut widest = claims.first();
    for claim in claims.iter().skip(1) {
        let Some(held) = widest.filter(|held| held.0.overlaps(claim.0)) else {
            widest = Some(claim);
            continue;
        };
        let (first, second) = if held.1 < claim.1 { (held, claim) } else { (claim, held) };
        let (subnet, other) = (second.0, name(first.2));
        let message = if subnet == first.0 {
            format!("the subnet {subnet} is also that of {other}")
        } else {
            format!("the subnet {subnet} overlaps {} of {other}", first.0)
        };
        findings.push(
            Finding::new(Code::SubnetConflict, Location::at(&second.2.path, second.3), message)
                .related(Location::at(&first.2.path, first.3), format!("subnet of {other}"))
                .help("`scalr ports` shows every subnet and the next free one"),
        );
    }
}

/// Ports conflict in any role, also within one app.
fn ports(workspace: &Workspace, findings: &mut Vec<Finding>) {
    let mut first: HashMap<u16, (&Manifest, Role, Span)> = HashMap::with_capacity(2 * workspace.apps.len());
    for manifest in workspace.apps.iter().map(|app| &*app.manifest) {
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
    let mut first: HashMap<String, (&Manifest, Span)> =
        HashMap::with_capacity(values.size_hint().1.unwrap_or(0));
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
