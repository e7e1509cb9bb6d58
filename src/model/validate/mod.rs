//! The checks across apps: what no single manifest can know.
//!
//! Each file holds one check: a function from a [`Workspace`] to findings.

mod depends;
mod env;
mod events;
mod place;
mod registration;
mod unique;

use super::diagnostics::{self, Finding};
use super::workspace::Workspace;

/// Every check across apps, in the order of the places that they speak of.
#[must_use]
pub fn across(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    unique::check(workspace, &mut findings);
    place::check(workspace, &mut findings);
    depends::check(workspace, &mut findings);
    events::check(workspace, &mut findings);
    registration::check(workspace, &mut findings);
    env::check(workspace, &mut findings);
    diagnostics::sort(&mut findings);
    findings
}
