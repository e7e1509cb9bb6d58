//! One manifest: from bytes to findings and to the facts that the checks across apps need.

use super::codes::Code;
use super::diagnostics::{Finding, Location, Severity, Span};
use super::document::DocumentKind;
use super::kind::Kind;
use super::ports::Role;
use super::rel_path::RelPath;
use super::schema::Schema;
use super::subnet::Subnet;
use super::yaml::Node;

/// The name of every manifest.
pub const FILE_NAME: &str = "app.manifest.yml";

/// A value and its place in the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    pub value: T,
    /// Its place in the manifest.
    pub(crate) span: Span,
}

/// The parts of a manifest that other apps and commands use. Values that are missing or of the
/// wrong type are missing here, so that the comparisons between apps can use the rest.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// The file, from the repository's root.
    pub path: RelPath,
    pub(crate) id: Option<Spanned<String>>,
    pub(crate) slug: Option<Spanned<String>>,
    pub name: Option<String>,
    pub(crate) description: Option<String>,
    pub kind: Option<Spanned<Kind>>,
    /// `ports`, in the order of the file.
    pub(crate) ports: Vec<(Role, Spanned<u16>)>,
    /// `subnet`, or what is wrong with it.
    pub(crate) subnet: Option<Spanned<Result<Subnet, String>>>,
    pub(crate) depends_on: Vec<Spanned<String>>,
    pub(crate) events_publish: Vec<String>,
    pub(crate) events_subscribe: Vec<Spanned<String>>,
    /// `auth.client_id`.
    pub(crate) client_id: Option<Spanned<String>>,
    /// `auth.groups`, with the place of the list.
    pub(crate) groups: Option<Spanned<Vec<String>>>,
    /// `auth.scopes`.
    pub(crate) scopes: Vec<String>,
    pub(crate) tags: Vec<String>,
    /// Whether there is `auth`.
    pub(crate) signs_in: bool,
    /// `routes.host`.
    pub(crate) host: Option<String>,
    /// `x-unregistered: true`: the app is left unregistered on purpose.
    pub(crate) unregistered_on_purpose: bool,
    /// `x-scalr: {protected: true}`: up and down skip it unless it is named.
    pub(crate) protected: bool,
}

impl Manifest {
    /// The app's folder.
    #[must_use]
    pub fn folder(&self) -> RelPath {
        self.path.parent()
    }

    /// The slug as text, where there is one.
    #[must_use]
    pub fn slug(&self) -> Option<&str> {
        self.slug.as_ref().map(|slug| slug.value.as_str())
    }

    /// The port of a role.
    #[must_use]
    pub fn port(&self, role: Role) -> Option<u16> {
        self.ports.iter().find(|(has, _)| *has == role).map(|(_, port)| port.value)
    }

    /// The subnet, where there is one that can be used.
    #[must_use]
    pub(crate) fn subnet(&self) -> Option<Subnet> {
        self.subnet.as_ref().and_then(|subnet| subnet.value.clone().ok())
    }

    fn read(path: &RelPath, root: &Node<'_>) -> Self {
        let text = |key: &str| root.get(key).and_then(|node| Some(spanned(node, node.as_str()?.to_owned())));
        let texts = |key: &str| -> Vec<Spanned<String>> {
            let items = root.get(key).map(Node::items).unwrap_or_default();
            items.iter().filter_map(|node| Some(spanned(node, node.as_str()?.to_owned()))).collect()
        };
        let client = root.at_pointer("/auth/client_id");
        let groups = root.at_pointer("/auth/groups");
        let ports = root.get("ports").map(Node::entries).unwrap_or_default();
        Self {
            path: path.clone(),
            id: text("id"),
            slug: text("slug"),
            name: text("name").map(|name| name.value),
            description: text("description").map(|text| text.value),
            kind: root.get("kind").and_then(|node| Some(spanned(node, Kind::parse(node.as_str()?)?))),
            ports: ports
                .iter()
                .filter_map(|entry| {
                    let port = u16::try_from(entry.value.as_u64()?).ok()?;
                    Some((Role::parse(&entry.key)?, spanned(&entry.value, port)))
                })
                .collect(),
            subnet: root
                .get("subnet")
                .and_then(|node| Some(spanned(node, Subnet::of_an_app(node.as_str()?)))),
            depends_on: texts("depends_on"),
            events_publish: texts("events_publish").into_iter().map(|event| event.value).collect(),
            events_subscribe: texts("events_subscribe"),
            client_id: client.and_then(|node| Some(spanned(node, node.as_str()?.to_owned()))),
            groups: groups.map(|node| spanned(node, plain_texts(node))),
            scopes: root.at_pointer("/auth/scopes").map(plain_texts).unwrap_or_default(),
            tags: texts("tags").into_iter().map(|tag| tag.value).collect(),
            signs_in: root.get("auth").is_some(),
            host: root.at_pointer("/routes/host").and_then(Node::as_str).map(str::to_owned),
            unregistered_on_purpose: root.get("x-unregistered").and_then(Node::as_bool) == Some(true),
            protected: root.at_pointer("/x-scalr/protected").and_then(Node::as_bool) == Some(true),
        }
    }
}

/// Whether the subnet is valid, which no pattern of the schema can check.
fn subnet_finding(manifest: &Manifest) -> Option<Finding> {
    let Spanned { value, span } = manifest.subnet.as_ref()?;
    let problem = value.as_ref().err()?;
    let at = Location::at(&manifest.path, *span);
    let finding = Finding::new(Code::SubnetInvalid, at, format!("the subnet {problem}"));
    Some(finding.help("`scalr ports` shows the next free one"))
}

fn plain_texts(list: &Node<'_>) -> Vec<String> {
    list.items().iter().filter_map(|item| Some(item.as_str()?.to_owned())).collect()
}

fn spanned<T>(node: &Node<'_>, value: T) -> Spanned<T> {
    Spanned { value, span: node.span }
}

/// Checks one manifest by itself. Facts come back also from a manifest that breaks the schema, but
/// not from invalid YAML.
#[must_use]
pub fn check(path: &RelPath, bytes: &[u8], schema: &Schema) -> (Vec<Finding>, Option<Manifest>) {
    let mut findings = Vec::new();
    match DocumentKind::Manifest.parse(path, bytes, &mut findings) {
        Err(finding) => {
            findings.push(*finding);
            (findings, None)
        }
        Ok(root) => {
            findings.extend(schema.check(path, &root));
            let manifest = Manifest::read(path, &root);
            findings.extend(subnet_finding(&manifest));
            (findings, Some(manifest))
        }
    }
}

/// Whether any of the findings is an error.
#[must_use]
pub fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}
