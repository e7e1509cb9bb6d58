//! What is wrong in a repository: what each app is found to be by itself, and what no single manifest can know.
//!
//! Each file holds one check: a function from one app or from the whole [`Workspace`] to findings.

mod compose;
mod depends;
mod env;
mod events;
mod place;
mod registration;
mod scope;
mod unique;

pub use scope::Scope;

use super::diagnostics::{self, Finding};
use super::workspace::{App, EnvFile, Workspace};

/// What is wrong between an app's manifest, its place, its compose file and its `.env.app`. It belongs into
/// [`Workspace::findings`].
#[must_use]
pub fn within(app: &App, env: &EnvFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    place::check(&app.manifest, &mut findings);
    env::check(&app.manifest, env, &mut findings);
    compose::check(app, &mut findings);
    findings
}

/// Every finding that is asked for, in the order of the places that they speak of. The comparisons between apps look at,
/// and tell of, all apps whatever has changed.
#[must_use]
pub fn all(workspace: &Workspace, scope: &Scope) -> Vec<Finding> {
    let mut findings = workspace.findings.clone();
    scope.retain_changed(workspace, &mut findings);
    unique::check(workspace, &mut findings);
    depends::check(workspace, &mut findings);
    events::check(workspace, &mut findings);
    registration::check(workspace, &mut findings);
    // Git ignores `.env.shared`, so that it can't say whether it changed.
    env::shared(&workspace.shared_env, &mut findings);
    scope.retain_paths(&mut findings);
    diagnostics::sort(&mut findings);
    findings
}
