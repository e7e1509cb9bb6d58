//! Finding the repository's root.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::environment::ProcessEnvironment;
use super::{Context, FileError};
use scalr_model::registry;
use scalr_model::rel_path::{RelPath, RelPathError};

/// The folder that holds registered-apps.txt and schemas/, and the environment that it is worked on in.
#[derive(Debug, Clone)]
pub struct Root {
    path: PathBuf,
    environment: Arc<ProcessEnvironment>,
}

/// There is no repository.
#[derive(Debug, thiserror::Error)]
pub enum RootError {
    /// No folder upward is one.
    #[error("{} is not inside of a scalr repository: no folder upward holds {} and schemas/", .0.display(), registry::FILE_NAME)]
    NotFound(PathBuf),
    /// The given folder is not one.
    #[error("{} is no scalr repository: it does not hold {} and schemas/", .0.display(), registry::FILE_NAME)]
    NotARoot(PathBuf),
    /// The folder can't be looked at.
    #[error("failed to {0}")]
    File(#[from] FileError),
}

impl Root {
    /// The root that a person named, or the nearest one upward from the working directory.
    pub fn find(named: Option<&Path>, environment: &Arc<ProcessEnvironment>) -> Result<Self, RootError> {
        let here = &environment.working_directory;
        if here.as_os_str().is_empty() {
            let gone = Err(io::Error::from(io::ErrorKind::NotFound));
            return gone.context("find the current folder", ".").map_err(RootError::File);
        }
        let path = match named {
            Some(named) => {
                let path = here.join(named).canonicalize().context("open the folder", named)?;
                if is_root(&path) { path } else { return Err(RootError::NotARoot(path)) }
            }
            None => match here.ancestors().find(|folder| is_root(folder)) {
                Some(path) => path.to_owned(),
                None => return Err(RootError::NotFound(here.clone())),
            },
        };
        Ok(Self { path, environment: Arc::clone(environment) })
    }

    /// What it was found with.
    #[must_use]
    pub fn environment(&self) -> &Arc<ProcessEnvironment> {
        &self.environment
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

    /// A path from the arguments, as a path from the root. It need not exist.
    pub fn relative(&self, typed: &Path) -> Result<RelPath, RelPathError> {
        let absolute = self.environment.working_directory.join(typed);
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
