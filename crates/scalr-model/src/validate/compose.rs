//! Every subproject has a compose file.

use crate::codes::Code;
use crate::compose::file::COMPOSE_FILES;
use crate::diagnostics::{Finding, Location, Span};
use crate::rel_path::RelPath;
use crate::workspace::App;

pub(super) fn check(app: &App, findings: &mut Vec<Finding>) {
    if !app.compose {
        let span = app.manifest.slug.as_ref().map_or(Span::START, |slug| slug.span);
        findings.push(missing(Location::at(&app.manifest.path, span), &app.manifest.folder()));
    }
}

pub(super) fn missing(at: Location, folder: &RelPath) -> Finding {
    let message = format!("{folder} has no compose file");
    Finding::new(Code::ComposeMissing, at, message).help(format!("expected {folder}/{}", COMPOSE_FILES[2]))
}
