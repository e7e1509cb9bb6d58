//! Subprojects: the folders that `scalr up` can run, each one Compose project.

use crate::kind::Kind;
use crate::manifest::Manifest;
use crate::rel_path::RelPath;
use crate::workspace::{TEMPLATE, Workspace};

/// Where people sign in, by what [`SIGN_IN`](crate::workspace::SIGN_IN) says. It keeps its users, so it is never
/// part of up or down unless it is named.
const SIGN_IN_FOLDERS: [(&str, &str); 2] = [("dev", "services/auth-dev"), ("authentik", "services/auth")];

/// The gateway, which is started before all others.
pub(crate) const GATEWAY: &str = "services/gateway";

/// How browsers reach the gateway.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Front {
    /// The domain, on a server.
    pub public_domain: Option<String>,
    /// The port on this machine, where it is not 80.
    pub port: Option<String>,
}

impl Front {
    /// Where a browser finds what has this name, and this host name in development.
    #[must_use]
    pub fn url(&self, name: &str, host: &str) -> String {
        match (&self.public_domain, &self.port) {
            (Some(domain), _) => {
                format!("https://{}.{domain}", host.strip_suffix(".localhost").unwrap_or(name))
            }
            (None, Some(port)) => format!("http://{host}:{port}"),
            (None, None) => format!("http://{host}"),
        }
    }
}

/// One subproject.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subproject {
    /// What people and Compose (`-p`) call it: its slug, or its folder's name where there is no manifest.
    pub name: String,
    /// Its folder.
    pub folder: RelPath,
    /// Its kind.
    pub(crate) kind: Option<Kind>,
    /// Its tags.
    pub(crate) tags: Vec<String>,
    /// The slugs that it depends on.
    pub(crate) depends_on: Vec<String>,
    /// Whether registered-apps.txt lists it.
    pub(crate) registered: bool,
    /// Whether it is left alone unless it is named.
    pub(crate) protected: bool,
    /// Whether it is the template, which runs only when it is named.
    pub(crate) template: bool,
    /// Its host name in development, where it has something to look at.
    pub(crate) host: Option<String>,
}

impl Subproject {
    fn of(manifest: &Manifest, registered: bool) -> Self {
        let folder = manifest.folder();
        let slug = manifest.slug().map(str::to_owned);
        let name = slug.clone().unwrap_or_else(|| project_name(folder.name()));
        let own = slug.map(|slug| format!("{slug}.localhost"));
        Self {
            kind: manifest.kind.as_ref().map(|kind| kind.value),
            tags: manifest.tags.clone(),
            depends_on: manifest.depends_on.iter().map(|slug| slug.value.clone()).collect(),
            registered,
            protected: manifest.protected || is_sign_in(&folder),
            template: folder.as_str() == TEMPLATE,
            host: manifest.host.clone().or_else(|| own.filter(|_| !manifest.ports.is_empty())),
            name,
            folder,
        }
    }

    /// Whether this is the gateway, which goes first.
    #[must_use]
    pub(crate) fn is_gateway(&self) -> bool {
        self.folder.as_str() == GATEWAY
    }

    /// Where a browser finds it.
    #[must_use]
    pub fn url(&self, front: &Front) -> Option<String> {
        Some(front.url(&self.name, self.host.as_ref()?))
    }
}

/// Every subproject that has a compose file, by folder; the template is the last.
#[must_use]
pub fn all(workspace: &Workspace) -> Vec<Subproject> {
    let registered = workspace.registered();
    let mut all: Vec<Subproject> = workspace
        .apps
        .iter()
        .filter(|app| app.compose)
        .map(|app| Subproject::of(&app.manifest, registered.contains(&app.manifest.folder())))
        .collect();
    let with_manifest: Vec<RelPath> = workspace.apps.iter().map(|app| app.manifest.folder()).collect();
    let bare = registered.into_iter().filter(|folder| {
        !with_manifest.contains(folder)
            && !workspace.absent.contains(folder)
            && !workspace.without_compose.contains(folder)
    });
    all.extend(bare.map(|folder| Subproject {
        name: project_name(folder.name()),
        protected: is_sign_in(&folder),
        template: folder.as_str() == TEMPLATE,
        registered: true,
        folder,
        ..Subproject::default()
    }));
    all.sort_by(|a, b| a.folder.cmp(&b.folder));
    if let Some(template) = &workspace.template
        && !all.iter().any(|subproject| subproject.template)
    {
        all.push(Subproject::of(template, false));
    }
    all
}

/// The sign-in service of that name, where the repository has it.
#[must_use]
pub fn sign_in<'a>(all: &'a [Subproject], name: &str) -> Option<&'a Subproject> {
    let (_, folder) = SIGN_IN_FOLDERS.into_iter().find(|(known, _)| *known == name)?;
    all.iter().find(|one| one.folder.as_str() == folder)
}

fn is_sign_in(folder: &RelPath) -> bool {
    SIGN_IN_FOLDERS.iter().any(|(_, known)| *known == folder.as_str())
}

/// A folder's name as Compose makes a project's name of it (compose-go, `loader.NormalizeProjectName`).
fn project_name(folder: &str) -> String {
    let kept = folder
        .to_lowercase()
        .replace(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-'), "");
    kept.trim_start_matches(['_', '-']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::DocumentKind;
    use crate::manifest;
    use crate::schema::Schema;

    #[test]
    fn names_projects_as_compose_does() {
        assert_eq!(project_name("Auth.Dev"), "authdev");
        assert_eq!(project_name("_x-1"), "x-1");
    }

    #[test]
    fn an_address_follows_the_gateway() {
        let mut crm =
            Subproject { name: "crm".into(), host: Some("crm.localhost".into()), ..Subproject::default() };
        let mut front = Front::default();
        assert_eq!(crm.url(&front).as_deref(), Some("http://crm.localhost"));
        front.port = Some("8088".to_owned());
        assert_eq!(crm.url(&front).as_deref(), Some("http://crm.localhost:8088"));
        front.public_domain = Some("example.org".to_owned());
        assert_eq!(crm.url(&front).as_deref(), Some("https://crm.example.org"));
        crm.host = None;
        assert_eq!(crm.url(&front), None);
    }

    #[test]
    fn what_has_ports_or_names_a_host_has_an_address() {
        let path = RelPath::new("services/docs/app.manifest.yml").unwrap();
        let host = |rest: &str| {
            let schema = Schema::compile(DocumentKind::Manifest, "true").unwrap();
            let (_, manifest) = manifest::check(&path, format!("slug: docs\n{rest}").as_bytes(), &schema);
            Subproject::of(&manifest.unwrap(), true).host
        };
        assert_eq!(host(""), None);
        assert_eq!(host("ports: {frontend: 5200}").as_deref(), Some("docs.localhost"));
        assert_eq!(host("routes: {host: guide.localhost}").as_deref(), Some("guide.localhost"));
    }
}
