//! A snapshot of the repository, gathered by `host`.

use std::collections::BTreeSet;

use super::diagnostics::Finding;
use super::env;
use super::manifest::Manifest;
use super::ports::Role;
use super::registry;
use super::rel_path::RelPath;
use super::subnet::Subnet;
use super::suggest::UnknownName;

/// The folder of the canonical app, at the repository's root. Its manifest is checked like any
/// other, but it is not an app: the apps' slugs, ids and ports are derived from it.
pub const TEMPLATE: &str = "template-app";

/// The path of the repository's own manifest schema.
pub const SCHEMA_FILE: &str = "schemas/app-manifest.schema.json";

/// The repository at one moment.
#[derive(Debug, Default)]
pub struct Workspace {
    /// Every app with a readable manifest, by path. The template is not among them.
    pub apps: Vec<App>,
    /// The template's manifest, if it is readable.
    pub template: Option<Manifest>,
    /// registered-apps.txt as text.
    pub registry: String,
    /// `.env.shared`, which is not committed and so is missing in CI.
    pub shared_env: EnvFile,
    /// The registered folders that do not exist. Folders of `apps` are in neither of these two.
    pub absent: BTreeSet<RelPath>,
    /// The registered folders without a compose file.
    pub without_compose: BTreeSet<RelPath>,
    /// Findings about single files and single apps; [`validate::all`](super::validate::all) adds the comparisons.
    pub findings: Vec<Finding>,
    /// How many manifests were checked.
    pub manifests: usize,
    /// How many errors make the list of apps incomplete: broken manifests and unreadable folders.
    pub manifest_errors: usize,
}

/// One app.
#[derive(Debug)]
pub struct App {
    /// Its manifest, boxed because it is large.
    pub manifest: Box<Manifest>,
    /// Whether there is a compose file.
    pub compose: bool,
}

/// An env file, reduced to what the checks need.
#[derive(Debug, Default)]
pub enum EnvFile {
    /// It does not exist.
    #[default]
    Missing,
    /// It exists but could not be read or parsed.
    Broken(Box<Finding>),
    Read(Vec<env::Variable>),
}

/// The variable with the domain under which the apps are published.
pub const PUBLIC_DOMAIN: &str = "SCALR_PUBLIC_DOMAIN";

/// The variable with the gateway's port on this machine, also when it is unset 80.
pub const GATEWAY_HTTP_PORT: &str = "GATEWAY_HTTP_PORT";

/// The variable with the e-mail address for the certificate authority.
pub(crate) const ACME_EMAIL: &str = "SCALR_ACME_EMAIL";

/// The variable that chooses the sign-in service: `dev`, also when it is unset, or `authentik`.
pub const SIGN_IN: &str = "SCALR_AUTH";

/// The file with the secrets that all apps share, at the repository's root. Git ignores it.
pub const SHARED_ENV_FILE: &str = ".env.shared";

/// The example from which [`SHARED_ENV_FILE`] is made.
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

    /// The apps of these slugs, all of them where none is named; or every slug that no app has.
    pub fn select(&self, slugs: &[String]) -> Result<Vec<&App>, Vec<UnknownName>> {
        if slugs.is_empty() {
            return Ok(self.apps.iter().collect());
        }
        let (mut apps, mut unknown) = (Vec::new(), Vec::new());
        for slug in slugs {
            match self.app(slug) {
                Some(app) => apps.push(app),
                None => unknown.push(UnknownName::new("no app has the slug", slug, self.slugs())),
            }
        }
        if unknown.is_empty() { Ok(apps) } else { Err(unknown) }
    }

    /// Every slug, in the order of the paths.
    pub(crate) fn slugs(&self) -> impl Iterator<Item = &str> {
        self.apps.iter().filter_map(|app| app.manifest.slug())
    }

    /// The valid folders in registered-apps.txt.
    #[must_use]
    pub fn registered(&self) -> BTreeSet<RelPath> {
        registry::parse(&self.registry).into_iter().filter_map(|entry| entry.path.ok()).collect()
    }
}
