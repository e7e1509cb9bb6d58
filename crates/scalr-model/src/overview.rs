//! The state of a repository, as shown by `scalr` without a command.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::diagnostics::Counts;
use super::validate::{self, Scope};
use super::workspace::Workspace;

#[derive(Debug, Serialize)]
pub struct Overview {
    /// Scalr's own.
    pub version: &'static str,
    /// The repository's root; nothing where there is no repository.
    pub root: Option<PathBuf>,
    pub apps: usize,
    /// How many of the apps are registered.
    pub registered: usize,
    #[serde(flatten)]
    pub counts: Counts,
    /// Whether there is one to make apps from.
    pub template: bool,
}

impl Overview {
    /// Outside of a repository.
    #[must_use]
    pub fn nowhere() -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            root: None,
            apps: 0,
            registered: 0,
            counts: Counts::default(),
            template: false,
        }
    }

    #[must_use]
    pub fn of(root: &Path, workspace: &Workspace) -> Self {
        let registered = workspace.registered();
        let findings = validate::all(workspace, &Scope::everything());
        Self {
            root: Some(root.to_owned()),
            apps: workspace.apps.len(),
            registered: workspace
                .apps
                .iter()
                .filter(|app| registered.contains(&app.manifest.folder()))
                .count(),
            counts: Counts::of(&findings),
            template: workspace.template.is_some(),
            ..Self::nowhere()
        }
    }
}
