//! Finding the repository's root.

use std::path::{Path, PathBuf};

use super::{Context, FileError};
use scalr_model::registry;
use scalr_model::rel_path::{RelPath, RelPathError};

/// The folder that holds registered-apps.txt and schemas/.
#[derive(Debug, Clone)]
pub struct Root {
    path: PathBuf,
    /// Where the command was typed; paths given by people are relative to it.
    here: PathBuf,
}

/// There is no repository.
#[derive(Debug, thiserror::Error)]
pub enum RootError {
    /// No folder upward is one.
    #[error("{} is not inside of a scalr repository: no folder upward holds {} and schemas/", .0.display(), registry::FILE_NAME)]
    NotFound(PathBuf),
    /// The folder that was named is none.
    #[error("{} is no scalr repository: it does not hold {} and schemas/", .0.display(), registry::FILE_NAME)]
    NotARoot(PathBuf),
    /// The folder can't be looked at.
    #[error("failed to {0}")]
    File(#[from] FileError),
}

impl Root {
    /// The root that a person named, or the nearest one upward from the current folder.
    pub fn find(named: Option<&Path>) -> Result<Self, RootError> {
        let here = std::env::current_dir().context("find the current folder", ".")?;
        if let Some(named) = named {
            let path = named.canonicalize().context("open the folder", named)?;
            return if is_root(&path) { Ok(Self { path, here }) } else { Err(RootError::NotARoot(path)) };
        }
        match here.ancestors().find(|folder| is_root(folder)) {
            Some(path) => Ok(Self { path: path.to_owned(), here }),
            None => Err(RootError::NotFound(here)),
        }
    }

    /// The absolute path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The absolute path of something in the repository.
    #[must_use]
    pub fn join(&self, path: &RelPath) -> PathBuf {
        if path.as_str().is_empty() { self.path.clone() } else { self.path.join(path.as_str()) }
    }

    /// A path that a person typed, as a path from the root. It need not exist.
    pub fn relative(&self, typed: &Path) -> Result<RelPath, RelPathError> {
        let absolute = self.here.join(typed);
        // Links on the way are followed as far as the path exists, so that both sides compare.
        let mut existing = absolute.as_path();
        let mut rest = Vec::new();
        let resolved = loop {
            match (existing.canonicalize(), existing.parent(), existing.file_name()) {
                (Ok(path), _, _) => break path,
                (Err(_), Some(parent), Some(name)) => {
                    rest.push(name);
                    existing = parent;
                }
                _ => break existing.to_owned(),
            }
        };
        let full = rest.iter().rev().fold(resolved, |path, name| path.join(name));
        let inside = full.strip_prefix(&self.path).map_err(|_| RelPathError::Outside)?;
        RelPath::new(&inside.to_string_lossy())
    }
}

fn is_root(folder: &Path) -> bool {
    folder.join(registry::FILE_NAME).is_file() && folder.join("schemas").is_dir()
}
