//! An app's folder says the same as its kind and slug.

use super::Workspace;
use crate::model::codes::Code;
use crate::model::diagnostics::{Finding, Location};
use crate::model::slug::Slug;

pub(super) fn check(workspace: &Workspace, findings: &mut Vec<Finding>) {
    for manifest in workspace.apps.iter().map(|app| &*app.manifest) {
        let (Some(slug), Some(kind)) = (&manifest.slug, &manifest.kind) else { continue };
        // A slug that is none has its finding from the schema.
        let Ok(parsed) = Slug::parse(&slug.value) else { continue };
        let (folder, place) = (manifest.folder(), kind.value.place(&parsed));
        if folder == place {
            continue;
        }
        // Point at the value that is wrong: the slug if the folder has another name, else the kind.
        let span = if folder.name() == slug.value { kind.span } else { slug.span };
        let message = format!("a {} app `{}` belongs in {place}, not in {folder}", kind.value, slug.value);
        findings.push(
            Finding::new(Code::PlaceMismatch, Location::at(&manifest.path, span), message)
                .help("move the folder, or correct `kind` and `slug`"),
        );
    }
}
