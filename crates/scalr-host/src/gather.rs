//! The snapshot of the repository that every command works on.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io;
use std::path::Path;

use tracing::field::Empty;
use tracing::{debug_span, info_span};

use super::discover::{self, Folder, Found};
use super::files::{self, Contents};
use super::root::Root;
use super::{Context, FileError};
use scalr_model::codes::Code;
use scalr_model::compose::file::COMPOSE_FILES;
use scalr_model::diagnostics::{Counts, Finding, Location, Span};
use scalr_model::document::{self, DocumentKind};
use scalr_model::env;
use scalr_model::manifest::{self, Manifest};
use scalr_model::registry;
use scalr_model::rel_path::RelPath;
use scalr_model::schema::{self, Schema};
use scalr_model::validate;
use scalr_model::workspace::{App, ENV_FILE, EnvFile, SCHEMA_FILE, SHARED_ENV_FILE, TEMPLATE, Workspace};

/// The built-in manifest schema is invalid, which is a bug in scalr.
#[derive(Debug, thiserror::Error)]
#[error("scalr's own manifest schema {0}")]
pub struct BrokenSchema(String);

/// The effective manifest schema: the repository's own if it has one, else the built-in one.
/// A broken schema of the repository is a finding, and the built-in one is used.
pub(crate) fn schema(root: &Root) -> Result<(Schema, Vec<Finding>), BrokenSchema> {
    let _span = debug_span!("schema").entered();
    let compile = |text: &str| Schema::compile(DocumentKind::Manifest, text);
    let path = RelPath::root().join(SCHEMA_FILE);
    let own = files::read(&root.join(&path), document::MAX_BYTES);
    let problem = match own {
        Ok(Contents::Bytes(bytes)) if bytes == schema::MANIFEST.as_bytes() => None,
        Ok(Contents::Bytes(bytes)) => {
            match std::str::from_utf8(&bytes).map_err(|_| "is not UTF-8".to_owned()).and_then(compile) {
                Ok(schema) => return Ok((schema, Vec::new())),
                Err(problem) => Some(problem),
            }
        }
        Ok(Contents::TooLarge(_)) => Some("is larger than 1 MiB".to_owned()),
        Ok(Contents::NotRegular(kind)) => Some(format!("is {kind}")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => Some(format!("can't be read: {}", super::describe(&error))),
    };
    let findings = problem.map(|problem| {
        Finding::new(Code::SchemaBroken, Location::file(&path), format!("the manifest schema {problem}"))
            .help(format!("`scalr schema manifest > {SCHEMA_FILE}` restores the built-in one"))
    });
    let schema = compile(schema::MANIFEST).map_err(BrokenSchema)?;
    Ok((schema, findings.into_iter().collect()))
}

/// Reads every manifest, env file and registered folder of the repository.
pub(crate) fn workspace(root: &Root, schema: &Schema) -> Result<Workspace, FileError> {
    let registry_path = root.path().join(registry::FILE_NAME);
    let registry = std::fs::read(&registry_path).context("read", &registry_path)?;
    let mut workspace =
        Workspace { registry: String::from_utf8_lossy(&registry).into_owned(), ..Workspace::default() };
    let registry_file = RelPath::root().join(registry::FILE_NAME);
    if let Err(finding) = document::decode(&registry_file, &registry, &mut Vec::new()) {
        workspace.findings.push(*finding);
    }

    let template = RelPath::root().join(TEMPLATE);
    let walk = info_span!("walk", manifests = Empty).entered();
    let found = discover::apps(root, |found| match found {
        Found::App(folder) => visit(root, &folder, schema, &template),
        Found::Unreadable(path, error) => unreadable(&path, &error),
    })?;
    for Visited { is_manifest, findings, app, template } in found {
        workspace.manifests += usize::from(is_manifest);
        workspace.manifest_errors += Counts::of(&findings).errors;
        workspace.findings.extend(findings);
        if let Some((app, findings)) = app {
            workspace.apps.push(app);
            workspace.findings.extend(findings);
        }
        workspace.template = template.map(|manifest| *manifest).or(workspace.template);
    }
    walk.record("manifests", workspace.manifests);
    drop(walk);
    workspace.apps.sort_by(|a, b| a.manifest.path.cmp(&b.manifest.path));
    workspace.shared_env = env_file(root, &RelPath::root().join(SHARED_ENV_FILE));
    registered_folders(root, &mut workspace);
    Ok(workspace)
}

/// The result for one folder.
#[derive(Default)]
struct Visited {
    is_manifest: bool,
    /// The findings about the manifest, or about why it can't be read.
    findings: Vec<Finding>,
    /// The app, with the findings about its files together.
    app: Option<(App, Vec<Finding>)>,
    template: Option<Box<Manifest>>,
}

fn unreadable(path: &RelPath, error: &io::Error) -> Visited {
    let message = format!("this place can't be looked into: {}", super::describe(error));
    let findings = vec![Finding::new(Code::FileUnreadable, Location::file(path), message)];
    Visited { findings, ..Visited::default() }
}

fn visit(root: &Root, folder: &Folder<'_>, schema: &Schema, template: &RelPath) -> Visited {
    let path = folder.path.join(manifest::FILE_NAME);
    let read = |name: &str, limit| files::read_at(folder.open, Path::new(name), limit);
    let bytes = bytes(read(manifest::FILE_NAME, document::MAX_BYTES), &path, document::MAX_BYTES);
    let (findings, manifest) = match bytes {
        Ok(bytes) => manifest::check(&path, &bytes, schema),
        Err(finding) => (vec![*finding], None),
    };
    let visited = Visited { is_manifest: true, findings, ..Visited::default() };
    // No comparison between apps uses the template's env file.
    match manifest {
        Some(manifest) if folder.path == *template => {
            Visited { template: Some(Box::new(manifest)), ..visited }
        }
        Some(manifest) => {
            let env = parse_env(read(ENV_FILE, document::MAX_BYTES), &folder.path.join(ENV_FILE));
            let compose = folder.has_compose || has_compose(&root.join(&folder.path));
            let app = App { manifest: Box::new(manifest), compose };
            let findings = validate::within(&app, &env);
            Visited { app: Some((app, findings)), ..visited }
        }
        None => visited,
    }
}

/// An env file, which may be missing.
#[must_use]
pub fn env_file(root: &Root, path: &RelPath) -> EnvFile {
    parse_env(files::read(&root.join(path), document::MAX_BYTES), path)
}

fn parse_env(read: io::Result<Contents>, path: &RelPath) -> EnvFile {
    if read.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        return EnvFile::Missing;
    }
    let bytes = match bytes(read, path, document::MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(finding) => return EnvFile::Broken(finding),
    };
    let mut warnings = Vec::new();
    let text = match document::decode(path, &bytes, &mut warnings) {
        Ok(text) => text,
        Err(finding) => return EnvFile::Broken(finding),
    };
    match env::parse(text) {
        Ok(variables) => EnvFile::Read(variables),
        Err(error) => EnvFile::Broken(Box::new(Finding::new(
            Code::EnvSyntax,
            Location::at(path, error.span),
            error.message,
        ))),
    }
}

/// A file's bytes, or the finding about why it can't be read.
pub(super) fn read(absolute: &Path, path: &RelPath, limit: u64) -> Result<Vec<u8>, Box<Finding>> {
    bytes(files::read(absolute, limit), path, limit)
}

fn bytes(read: io::Result<Contents>, path: &RelPath, limit: u64) -> Result<Vec<u8>, Box<Finding>> {
    let finding = |code, message: String| Box::new(Finding::new(code, Location::file(path), message));
    match read {
        Ok(Contents::Bytes(bytes)) => Ok(bytes),
        Ok(Contents::TooLarge(size)) => {
            Err(finding(Code::FileTooLarge, format!("the file has {size} bytes, at most {limit} are read")))
        }
        Ok(Contents::NotRegular(kind)) => {
            Err(finding(Code::FileNotRegular, format!("this is {kind}, expected a regular file")))
        }
        Err(error) => {
            Err(finding(Code::FileUnreadable, format!("the file can't be read: {}", super::describe(&error))))
        }
    }
}

fn registered_folders(root: &Root, workspace: &mut Workspace) {
    let (mut absent, mut without_compose) = (BTreeSet::new(), BTreeSet::new());
    // The walk has found the apps already.
    let apps: HashSet<RelPath> = workspace.apps.iter().map(|app| app.manifest.folder()).collect();
    let registered = registry::parse(&workspace.registry).into_iter().filter_map(|entry| entry.path.ok());
    for folder in registered.filter(|folder| !apps.contains(folder)) {
        let path = root.join(&folder);
        if !path.is_dir() {
            absent.insert(folder);
        } else if !has_compose(&path) {
            without_compose.insert(folder);
        }
    }
    (workspace.absent, workspace.without_compose) = (absent, without_compose);
}

fn has_compose(folder: &Path) -> bool {
    // docker-compose.yml first, since the template uses this name.
    COMPOSE_FILES.iter().rev().skip(1).chain(&COMPOSE_FILES[3..]).any(|name| folder.join(name).is_file())
}

/// The texts of the files that findings point into, for showing their lines. Those of `.env.shared` are
/// never shown: they hold secrets.
#[must_use]
pub fn sources(root: &Root, findings: &[Finding]) -> BTreeMap<RelPath, String> {
    let related = findings.iter().flat_map(|finding| finding.related.iter().map(|related| &related.location));
    let places = findings.iter().map(|finding| &finding.location).chain(related);
    let paths: BTreeSet<&RelPath> =
        places.filter(|at| at.span.is_some_and(|span| span != Span::START)).map(|at| &at.path).collect();
    paths
        .into_iter()
        .filter(|path| path.as_str() != SHARED_ENV_FILE)
        .filter_map(|path| match files::read(&root.join(path), document::MAX_BYTES) {
            Ok(Contents::Bytes(bytes)) => {
                let text = String::from_utf8_lossy(&bytes);
                Some((path.clone(), text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned()))
            }
            _ => None,
        })
        .collect()
}
