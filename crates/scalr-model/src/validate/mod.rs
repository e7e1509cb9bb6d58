//! The findings about a repository: those about single apps, and those of the comparisons between apps.
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

/// Findings about an app's manifest, folder, compose file and `.env.app` together. They go into
/// [`Workspace::findings`].
#[must_use]
pub fn within(app: &App, env: &EnvFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    place::check(&app.manifest, &mut findings);
    env::check(&app.manifest, env, &mut findings);
    compose::check(app, &mut findings);
    findings
}

/// Every finding in the scope, ordered by place. The comparisons between apps include and
/// report on all apps, changed or not.
#[must_use]
pub fn all(workspace: &Workspace, scope: &Scope) -> Vec<Finding> {
    let mut findings = workspace.findings.clone();
    scope.retain_changed(workspace, &mut findings);
    unique::check(workspace, &mut findings);
    depends::check(workspace, &mut findings);
    events::check(workspace, &mut findings);
    registration::check(workspace, &mut findings);
    // Git ignores `.env.shared`, so it is unknown whether it changed.
    env::shared(&workspace.shared_env, &mut findings);
    scope.retain_paths(&mut findings);
    diagnostics::sort(&mut findings);
    findings
}
