//! Makes a complete new app from answers, as values.

use serde::Serialize;

use super::answers::Answers;
use super::diagnostics::{Finding, Fix, Severity};
use super::manifest::{self, Manifest};
use super::plan::FileEdit;
use super::ports::{self, Block, Role};
use super::registry;
use super::rel_path::RelPath;
use super::schema::Schema;
use super::sign_in::{BlueprintChange, BlueprintError, Blueprints, Client};
use super::subnet::{self, Subnet};
use super::template::{self, Content, RenderError, Rendered, RuleFile, TemplateSource, Values, Violation};
use super::workspace::{EnvFile, SHARED_ENV_FILE, TEMPLATE};
use super::yaml::edit;

/// The file that records an app's origin.
pub const PROVENANCE: &str = ".scaffold.yml";

/// The template as it was read.
#[derive(Debug)]
pub struct Template {
    pub rules: RuleFile,
    /// Every file that is copied.
    pub sources: Vec<TemplateSource>,
    /// The template's own manifest.
    pub manifest: Manifest,
    pub state: TemplateState,
}

/// The state of the template that an app was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TemplateState {
    /// The commit that was checked out; nothing outside of a git repository with a commit.
    pub commit: Option<String>,
    /// Whether the template in the working tree differed from that commit.
    pub modified: bool,
    /// SHA-256 over the paths, modes and contents that were copied.
    pub digest: String,
}

/// A new app, ready to be written.
#[derive(Debug)]
pub struct Scaffold {
    pub values: Values,
    pub files: Vec<Rendered>,
    /// The state of the template that it was made from.
    pub state: TemplateState,
    /// Its blueprint for the sign-in, if the repository has one.
    pub blueprint: Option<BlueprintChange>,
}

/// Why there is no scaffold.
#[derive(Debug)]
pub enum ScaffoldError {
    /// No block of ports is left.
    Ports(ports::PortsExhausted),
    /// No subnet is left.
    Subnets(subnet::SubnetsExhausted),
    /// template.yml is broken.
    Rules(Vec<Finding>),
    /// Files of the template can't be rendered.
    Render(Vec<RenderError>),
    /// The new app would break a post-condition.
    Violations(Vec<Violation>),
    /// The new app's manifest would be invalid.
    Manifest(Vec<Finding>),
    /// The blueprint can't be made.
    Blueprint(BlueprintError),
}

/// The values that only the host can provide: identity and date.
#[derive(Debug, Clone)]
pub struct Fresh {
    /// A new UUID.
    pub id: String,
    /// Today, `2026-11-22`.
    pub created: String,
}

/// Makes a new app out of the template and checks every post-condition on it. `held` is every host
/// port and every subnet that a manifest has, the template's included.
pub fn scaffold(
    answers: &Answers,
    fresh: &Fresh,
    template: &Template,
    held: (&[(Role, u16)], &[Subnet]),
    blueprints: Option<&Blueprints>,
    schema: &Schema,
) -> Result<Scaffold, ScaffoldError> {
    let ports = ports::allocate(held.0).map_err(ScaffoldError::Ports)?;
    let first = template.manifest.subnet();
    let subnet =
        first.map(|first| subnet::allocate(first, held.1)).transpose().map_err(ScaffoldError::Subnets)?;
    let values = Values {
        slug: answers.slug.clone(),
        name: answers.name.clone(),
        description: answers.description.clone(),
        kind: answers.kind,
        id: fresh.id.clone(),
        created: fresh.created.clone(),
        ports,
        subnet,
        place: answers.kind.place(&answers.slug),
    };
    let rules = template.rules.evaluate(&values).map_err(ScaffoldError::Rules)?;
    let home = RelPath::root().join(TEMPLATE);
    let mut files =
        template::render(&template.sources, &home, &rules, &values).map_err(ScaffoldError::Render)?;
    let violations = template::check(&template.sources, &files, &home, &template.manifest, &rules, &values);
    if !violations.is_empty() {
        return Err(ScaffoldError::Violations(violations));
    }
    let (findings, manifest) = check_manifest(&files, &values, schema);
    if !findings.is_empty() {
        return Err(ScaffoldError::Manifest(findings));
    }
    let client = manifest.as_ref().and_then(Client::of);
    let blueprint = blueprints.zip(client).map(|(blueprints, client)| blueprints.add(&client));
    let blueprint = blueprint.transpose().map_err(ScaffoldError::Blueprint)?;
    files.push(provenance(&values, &template.state));
    Ok(Scaffold { values, files, state: template.state.clone(), blueprint })
}

/// The line of registered-apps.txt that a new app gets.
#[derive(Debug)]
pub struct Registration {
    pub edit: FileEdit,
    /// The file's text as it is, and as it will be.
    pub before: String,
    pub after: String,
}

impl Scaffold {
    /// `registry` is the text of registered-apps.txt.
    #[must_use]
    pub fn registration(&self, registry: &str) -> Registration {
        let fix = Fix::Register { path: self.values.place.clone() };
        Registration {
            after: registry::append(registry, &[&self.values.place]),
            before: registry.to_owned(),
            edit: FileEdit { path: fix.file(), fixes: vec![fix] },
        }
    }

    /// Every file of the repository that is new or changed, from the root.
    #[must_use]
    pub fn changed_files(&self) -> Vec<RelPath> {
        let own = self.files.iter().map(|file| self.values.place.join(file.to.as_str()));
        let blueprint = self.blueprint.iter().map(|blueprint| blueprint.path.clone());
        own.chain([RelPath::root().join(registry::FILE_NAME)]).chain(blueprint).collect()
    }

    #[must_use]
    pub fn commit_message(&self) -> String {
        format!("Add {} from the template\n\nMade by `scalr new-app`.\n", self.values.slug)
    }

    /// The commands to type once the app is there.
    #[must_use]
    pub fn next_steps(&self, shared_env: &EnvFile) -> Vec<String> {
        let mut commands = vec!["scalr validate".to_owned()];
        if matches!(shared_env, EnvFile::Missing) {
            commands.push(format!("scalr doctor --fix  # makes {SHARED_ENV_FILE}, with generated secrets"));
        }
        commands.push("scalr up".to_owned());
        commands.push(format!("scalr open {}", self.values.slug));
        commands
    }
}

/// The new manifest must have no error by itself.
fn check_manifest(files: &[Rendered], values: &Values, schema: &Schema) -> (Vec<Finding>, Option<Manifest>) {
    let path = values.place.join(manifest::FILE_NAME);
    let text = files.iter().find_map(|file| match &file.content {
        Content::Text { text, .. } if file.to.as_str() == manifest::FILE_NAME => Some(text),
        _ => None,
    });
    let bytes = text.map(String::as_bytes).unwrap_or_default();
    let (mut findings, manifest) = manifest::check(&path, bytes, schema);
    findings.retain(|finding| finding.severity == Severity::Error);
    (findings, manifest)
}

/// The record of the template, from which a later three-way merge starts.
fn provenance(values: &Values, state: &TemplateState) -> Rendered {
    let commit = state.commit.as_deref().map_or_else(|| "null".to_owned(), edit::scalar);
    let Block { frontend, backend, db } = values.ports;
    let subnet = values.subnet.map(|subnet| format!("  subnet: {subnet}\n")).unwrap_or_default();
    let text = format!(
        "# Written by `scalr new-app`: which state of {TEMPLATE} this app was made from, and with which answers.\n\
         schema_version: 1\n\
         template:\n  path: {TEMPLATE}\n  commit: {commit}\n  modified: {modified}\n  sha256: \"{digest}\"\n\
         answers:\n  name: {name}\n  slug: {slug}\n  description: {description}\n  kind: {kind}\n\
         values:\n  id: {id}\n  created: {created}\n  ports:\n    frontend: {frontend}\n    backend: {backend}\n    db: {db}\n{subnet}",
        modified = state.modified,
        digest = state.digest,
        name = edit::scalar(&values.name),
        slug = edit::scalar(values.slug.as_str()),
        description = edit::scalar(&values.description),
        kind = values.kind,
        id = edit::scalar(&values.id),
        created = edit::scalar(&values.created),
    );
    let path = RelPath::root().join(PROVENANCE);
    Rendered { from: path.clone(), to: path, content: Content::Text { text, mode: 0o644, edits: Vec::new() } }
}
