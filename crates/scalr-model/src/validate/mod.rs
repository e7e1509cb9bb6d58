//! The checks of what no single manifest can know.
//!
//! Each file holds one check: a function from one app or from the whole [`Workspace`] to findings.

mod depends;
mod env;
mod events;
mod place;
mod registration;
mod unique;

use super::diagnostics::{self, Finding};
use super::manifest::Manifest;
use super::workspace::{EnvFile, Workspace};

/// What is wrong between an app's manifest, its place and its `.env.app`.
#[must_use]
pub fn within(manifest: &Manifest, env: &EnvFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    place::check(manifest, &mut findings);
    env::check(manifest, env, &mut findings);
    findings
}

/// Every check across apps with what was found within each, in the order of the places that they speak of.
#[must_use]
pub fn across(workspace: &Workspace) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        workspace.apps.iter().flat_map(|app| app.findings.iter().cloned()).collect();
    unique::check(workspace, &mut findings);
    depends::check(workspace, &mut findings);
    events::check(workspace, &mut findings);
    registration::check(workspace, &mut findings);
    env::shared(&workspace.shared_env, &mut findings);
    diagnostics::sort(&mut findings);
    findings
}
