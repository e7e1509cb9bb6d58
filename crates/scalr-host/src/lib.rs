//! The only crate that accesses the world: files, git, processes, the Docker engine, the clock, the environment.
//!
//! It gathers the inputs of `model` and executes its plans. It prints nothing.

#![expect(clippy::disallowed_methods, reason = "this is the room that clippy.toml keeps them for")]

pub mod apply;
pub mod blueprints;
pub mod browser;
pub mod compose;
pub mod compose_files;
pub mod discover;
pub mod dns;
pub mod docker;
pub mod doctor;
pub mod environment;
pub mod files;
pub mod fresh;
pub mod gather;
pub mod git;
pub mod ignored;
pub mod journal;
pub mod lock;
pub mod repository;
pub mod root;
pub mod run;
pub mod shared_env;
pub mod shutdown;
pub mod smoke;
pub mod template;
pub mod walk;

use std::io;
use std::path::PathBuf;

/// A failed file operation. Each message completes "failed to …".
#[derive(Debug, thiserror::Error)]
#[error("{action} {}: {}", path.display(), describe(source))]
pub struct FileError {
    /// The operation: `read`, `create`, `rename`.
    pub action: &'static str,
    /// The file or folder.
    pub path: PathBuf,
    /// The system's error.
    pub source: io::Error,
}

/// The system's message without its number.
fn describe(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        _ => error.to_string().split(" (os error").next().unwrap_or_default().to_owned(),
    }
}

/// Adds the operation and the path to a system error.
trait Context<T> {
    fn context(self, action: &'static str, path: impl Into<PathBuf>) -> Result<T, FileError>;
}

impl<T> Context<T> for io::Result<T> {
    fn context(self, action: &'static str, path: impl Into<PathBuf>) -> Result<T, FileError> {
        self.map_err(|source| FileError { action, path: path.into(), source })
    }
}

impl<T> Context<T> for rustix::io::Result<T> {
    fn context(self, action: &'static str, path: impl Into<PathBuf>) -> Result<T, FileError> {
        self.map_err(io::Error::from).context(action, path)
    }
}
