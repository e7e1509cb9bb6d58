//! The apps of the repository, one a line.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Answer;
use super::table::table;
use super::visible::visible;
use scalr_model::kind::Kind;
use scalr_model::manifest::Manifest;
use scalr_model::ports::Role;
use scalr_model::rel_path::RelPath;
use scalr_model::schema::shorten;
use scalr_model::workspace::App;

#[derive(Debug, Serialize)]
pub(crate) struct AppList {
    apps: Vec<ListedApp>,
}

#[derive(Debug, Serialize)]
struct ListedApp {
    slug: Option<String>,
    name: Option<String>,
    kind: Option<Kind>,
    path: RelPath,
    ports: ListedPorts,
    registered: bool,
}

#[derive(Debug, Serialize)]
struct ListedPorts {
    frontend: Option<u16>,
    backend: Option<u16>,
    db: Option<u16>,
}

impl AppList {
    /// `registered` are the folders that registered-apps.txt names.
    #[must_use]
    pub(crate) fn new(apps: &[&App], registered: &BTreeSet<RelPath>) -> Self {
        Self { apps: apps.iter().map(|app| ListedApp::new(&app.manifest, registered)).collect() }
    }
}

impl ListedApp {
    fn new(manifest: &Manifest, registered: &BTreeSet<RelPath>) -> Self {
        let path = manifest.folder();
        Self {
            slug: manifest.slug().map(str::to_owned),
            name: manifest.name.clone(),
            kind: manifest.kind.as_ref().map(|kind| kind.value),
            registered: registered.contains(&path),
            path,
            ports: ListedPorts {
                frontend: manifest.port(Role::Frontend),
                backend: manifest.port(Role::Backend),
                db: manifest.port(Role::Db),
            },
        }
    }

    fn row(&self) -> Vec<String> {
        let text = |text: &Option<String>| text.as_deref().map(shorten).unwrap_or_default();
        let port = |port: Option<u16>| port.map(|port| port.to_string()).unwrap_or_default();
        vec![
            text(&self.slug),
            text(&self.name),
            self.kind.map(|kind| kind.to_string()).unwrap_or_default(),
            visible(self.path.shown()),
            port(self.ports.frontend),
            port(self.ports.backend),
            port(self.ports.db),
            if self.registered { "yes" } else { "no" }.to_owned(),
        ]
    }
}

impl Answer for AppList {
    const SCHEMA: &'static str = "scalr.list/1";

    fn text(&self) -> String {
        if self.apps.is_empty() {
            return String::new();
        }
        let rows: Vec<_> = self.apps.iter().map(ListedApp::row).collect();
        table(&["SLUG", "NAME", "KIND", "PATH", "FRONTEND", "BACKEND", "DB", "REGISTERED"], &rows)
    }

    fn notes(&self) -> Vec<String> {
        let none = self.apps.is_empty().then(|| "no app yet; scalr new-app makes one".to_owned());
        none.into_iter().collect()
    }
}
