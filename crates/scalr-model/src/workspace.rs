//! What one run of scalr knows of the repository: a snapshot, gathered by `host`.

use std::collections::BTreeSet;

use super::diagnostics::Finding;
use super::env;
use super::manifest::Manifest;
use super::ports::Role;
use super::registry;
use super::rel_path::RelPath;
use super::subnet::Subnet;

/// The folder of the canonical app, at the repository's root. Its manifest is checked like any
/// other, but it is no app: its slug, id and ports are the beginning of everybody else's.
pub const TEMPLATE: &str = "template-app";

/// Where the repository may hold a manifest schema of its own.
pub const SCHEMA_FILE: &str = "schemas/app-manifest.schema.json";

/// The repository at one moment.
#[derive(Debug, Default)]
pub struct Workspace {
    /// Every app with a readable manifest, by path. The template is not among them.
    pub apps: Vec<App>,
    /// The template's manifest, where it is readable.
    pub template: Option<Manifest>,
    /// registered-apps.txt as text.
    pub registry: String,
    /// `.env.shared`. It is not committed, so that it is missing in CI.
    pub shared_env: EnvFile,
    /// The registered folders that do not exist. Folders of `apps` are in neither of these two.
    pub absent: BTreeSet<RelPath>,
    /// The registered folders without a compose file.
    pub without_compose: BTreeSet<RelPath>,
    /// What is wrong with single files and single apps; [`validate::all`](super::validate::all) compares them too.
    pub findings: Vec<Finding>,
    /// How many manifests were checked.
    pub manifests: usize,
    /// How many errors make what is said of the apps incomplete: in manifests, and places that can't be looked into.
    pub manifest_errors: usize,
}

/// One app.
#[derive(Debug)]
pub struct App {
    /// What its manifest says. Apps are moved about, and it is large.
    pub manifest: Box<Manifest>,
    /// Whether a compose file is there.
    pub compose: bool,
}

/// An env file, reduced to what the checks look at.
#[derive(Debug, Default)]
pub enum EnvFile {
    /// It is not there.
    #[default]
    Missing,
    /// It is there but could not be read or parsed.
    Broken(Box<Finding>),
    Read(Vec<env::Variable>),
}

/// The variable with the domain under which the apps are published.
pub const PUBLIC_DOMAIN: &str = "SCALR_PUBLIC_DOMAIN";

/// The variable with the gateway's port on this machine, also when it is unset 80.
pub const GATEWAY_HTTP_PORT: &str = "GATEWAY_HTTP_PORT";

/// The variable with the address that the certificate authority writes to.
pub const ACME_EMAIL: &str = "SCALR_ACME_EMAIL";

/// The variable that chooses the sign-in service: `dev`, also when it is unset, or `authentik`.
pub const SIGN_IN: &str = "SCALR_AUTH";

/// The file with the secrets that all apps share, at the repository's root. Git ignores it.
pub const SHARED_ENV_FILE: &str = ".env.shared";

/// What [`SHARED_ENV_FILE`] is made from.
pub const SHARED_ENV_EXAMPLE: &str = ".env.shared.example";

/// The name of an app's env file.
pub const ENV_FILE: &str = ".env.app";

impl Workspace {
    /// Every port that a manifest holds, the template's included.
    #[must_use]
    pub fn held_ports(&self) -> Vec<(Role, u16)> {
        let manifests = self.apps.iter().map(|app| &*app.manifest).chain(&self.template);
        manifests.flat_map(|manifest| manifest.ports.iter().map(|(role, port)| (*role, port.value))).collect()
    }

    /// Every subnet that a manifest holds, the template's included.
    #[must_use]
    pub fn held_subnets(&self) -> Vec<Subnet> {
        self.apps
            .iter()
            .map(|app| &*app.manifest)
            .chain(&self.template)
            .filter_map(Manifest::subnet)
            .collect()
    }

    /// The app of that slug.
    #[must_use]
    pub fn app(&self, slug: &str) -> Option<&App> {
        self.apps.iter().find(|app| app.manifest.slug() == Some(slug))
    }

    /// Every slug, in the order of the paths.
    pub fn slugs(&self) -> impl Iterator<Item = &str> {
        self.apps.iter().filter_map(|app| app.manifest.slug())
    }

    /// The folders that registered-apps.txt names and that may be named.
    #[must_use]
    pub fn registered(&self) -> BTreeSet<RelPath> {
        registry::parse(&self.registry).into_iter().filter_map(|entry| entry.path.ok()).collect()
    }
}
