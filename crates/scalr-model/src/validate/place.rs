//! An app's folder agrees with its kind and slug.

use crate::codes::Code;
use crate::diagnostics::{Finding, Location};
use crate::manifest::Manifest;
use crate::slug::Slug;

pub(super) fn check(manifest: &Manifest, findings: &mut Vec<Finding>) {
    let (Some(slug), Some(kind)) = (&manifest.slug, &manifest.kind) else { return };
    // The schema reports an invalid slug.
    let Ok(parsed) = Slug::parse(&slug.value) else { return };
    let (folder, place) = (manifest.folder(), kind.value.place(&parsed));
    if folder == place {
        return;
    }
    // The finding is at the wrong value: the slug if the folder has another name, else the kind.
    let span = if folder.name() == slug.value { kind.span } else { slug.span };
    let message = format!("a {} app `{}` belongs in {place}, not in {folder}", kind.value, slug.value);
    findings.push(
        Finding::new(Code::PlaceMismatch, Location::at(&manifest.path, span), message)
            .help("move the folder, or correct `kind` and `slug`"),
    );
}
