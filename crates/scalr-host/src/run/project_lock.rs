//! One scalr at a time for each subproject: two `docker compose up` of one project at once fail.
//!
//! Compose gets the lock as its standard input: if scalr is killed, the lock stays held until the Compose that it left behind has
//! ended.

use std::path::Path;

use crate::lock::{FileLock, LockError, held_by};
use crate::shutdown::Shutdown;
use crate::{Context, FileError};

/// Takes the lock of one subproject, waiting for another scalr for as long as that takes; `waiting` is called once, with who it
/// is. Nothing comes back when the run is ended meanwhile.
pub(super) async fn acquire(
    folder: &Path,
    name: &str,
    shutdown: &Shutdown,
    waiting: impl FnOnce(&str),
) -> Result<Option<FileLock>, FileError> {
    std::fs::create_dir_all(folder).context("create", folder)?;
    match FileLock::acquire(&folder.join(format!("{name}.lock")), None, shutdown, waiting).await {
        Ok(lock) => Ok(Some(lock)),
        Err(LockError::File(error)) => Err(error),
        Err(LockError::Interrupted | LockError::Held { .. }) => Ok(None),
    }
}

/// The locks that are held just now: of which subproject, and the note that the holder left.
#[must_use]
pub(crate) fn held(folder: &Path) -> Vec<(String, String)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut held: Vec<_> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().to_string_lossy().strip_suffix(".lock")?.to_owned();
            Some((name, held_by(&entry.path())?))
        })
        .collect();
    held.sort();
    held
}
