//! The compose files of an app, with those that they include and extend, reduced to the variables that they use.

use std::path::Path;

use super::gather;
use super::root::Root;
use scalr_model::compose::file::{
    self, COMPOSE_FILES, COMPOSE_OVERRIDES, ComposeFile, ComposeFiles, PRODUCTION_COMPOSE_FILE,
};
use scalr_model::document;
use scalr_model::rel_path::RelPath;

/// Whether apps are published under a domain, or run in development.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The compose file, with the override that Compose finds by itself.
    Development,
    /// The compose file, with the one for production. Overrides for development are not used on a server.
    Production,
}

/// Reads the compose files of a folder with all that they take in.
#[must_use]
pub fn read(root: &Root, folder: &RelPath, mode: Mode) -> ComposeFiles {
    let text = |path: &RelPath| root.join(path).to_string_lossy().into_owned();
    let top = text(&RelPath::root());
    let inside =
        |path: &str| RelPath::new(Path::new(path).strip_prefix(Path::new(&top)).ok()?.to_str()?).ok();
    let mut files = ComposeFiles::default();
    let first: Vec<String> = of(root, folder, mode).iter().map(text).collect();
    let taken = file::follow(&first, &text(folder), |path| {
        // What lies outside is Compose's to read.
        let Some(path) = inside(path) else { return Vec::new() };
        let bytes = gather::read(&root.join(&path), &path, document::MAX_BYTES);
        match bytes.and_then(|bytes| ComposeFile::parse(&path, &bytes)) {
            Ok(ComposeFile { variables, references }) => {
                files.variables.push(variables);
                references
            }
            Err(finding) => {
                files.findings.push(*finding);
                Vec::new()
            }
        }
    });
    files.env_files = taken.env_files.iter().filter_map(|path| inside(path)).collect();
    files
}

/// The files that are passed to Compose.
#[must_use]
pub(crate) fn of(root: &Root, folder: &RelPath, mode: Mode) -> Vec<RelPath> {
    let first = |names: &[&str]| {
        let mut paths = names.iter().map(|name| folder.join(name));
        paths.find(|path| root.join(path).is_file())
    };
    let over = match mode {
        Mode::Development => first(&COMPOSE_OVERRIDES),
        Mode::Production => first(&[PRODUCTION_COMPOSE_FILE]),
    };
    first(&COMPOSE_FILES).into_iter().flat_map(|file| [Some(file), over.clone()]).flatten().collect()
}
