//! The journal of the change that is under way, and its completion.
//!
//! A new app is built in `.scalr/staging`, which the walk skips. Writing the journal commits the
//! change: before it, leftovers are removed; after it, [`finish`] completes
//! the change, in this process or, if this one is killed, in the next scalr. Every step
//! of it can be repeated.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::lock::{Lock, STATE};
use super::root::Root;
use super::{Context, FileError, files};
use scalr_model::diagnostics::Fix;
use scalr_model::plan::FileEdit;
use scalr_model::registry;
use scalr_model::rel_path::RelPath;

const FILE_NAME: &str = "journal.json";
const STAGING: &str = "staging";
const SCRATCH: &str = "tmp";
const VERSION: &str = "scalr.journal/1";

/// A committed change.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Journal {
    schema: String,
    /// The staged folder, from the state folder.
    staged: String,
    /// Its target, which is then registered.
    place: String,
    /// A further file of the app: its path and its content.
    #[serde(default)]
    beside: Option<(String, String)>,
}

impl Journal {
    /// A staged new app.
    #[must_use]
    pub(crate) fn new(staged: String, place: &RelPath, beside: Option<(&RelPath, &str)>) -> Self {
        let beside = beside.map(|(path, text)| (path.to_string(), text.to_owned()));
        Self { schema: VERSION.to_owned(), staged, place: place.to_string(), beside }
    }

    /// Commits the change: from here on it is completed, by this process or a later one.
    pub(crate) fn write(&self, lock: &Lock) -> Result<(), FileError> {
        let path = lock.state().join(FILE_NAME);
        let text = serde_json::to_vec(self).map_err(std::io::Error::other).context("write", &path)?;
        files::replace(&path, &text, &scratch(lock))
    }
}

/// The folder for files that are about to replace others.
#[must_use]
pub(crate) fn scratch(lock: &Lock) -> std::path::PathBuf {
    lock.state().join(SCRATCH)
}

/// The folder in which new apps are built.
#[must_use]
pub(crate) fn staging(lock: &Lock) -> std::path::PathBuf {
    lock.state().join(STAGING)
}

/// Completes a committed change. If its place was taken after the journal was written,
/// the new app is discarded and the other files stay.
pub(crate) fn finish(root: &Root, lock: &Lock, journal: &Journal) -> Result<(), FileError> {
    let path = lock.state().join(FILE_NAME);
    let invalid = |_| std::io::Error::other("it names a path outside of the repository");
    let place = RelPath::new(&journal.place).map_err(invalid).context("follow", &path)?;
    let staged = lock.state().join(&journal.staged);
    let target = root.join(&place);
    if staged.is_dir() {
        let parent = target.parent().unwrap_or(root.path());
        let new_parent = !parent.is_dir();
        std::fs::create_dir_all(parent).context("create", parent)?;
        if let Err(error) = files::move_into_place(&staged, &target) {
            remove(&path)?;
            let _ = std::fs::remove_dir_all(&staged);
            if new_parent {
                let _ = std::fs::remove_dir(parent);
            }
            return Err(error);
        }
        files::sync_folder_of(&target)?;
    }
    if target.is_dir() {
        if let Some((beside, text)) = &journal.beside {
            let beside = RelPath::new(beside).map_err(invalid).context("follow", &path)?;
            files::replace(&root.join(&beside), text.as_bytes(), &scratch(lock))?;
        }
        edit(
            root,
            lock,
            &FileEdit {
                path: RelPath::root().join(registry::FILE_NAME),
                fixes: vec![Fix::Register { path: place }],
            },
        )?;
    }
    remove(&path)
}

/// Applies the repairs of one file to what the file holds now.
pub(crate) fn edit(root: &Root, lock: &Lock, edit: &FileEdit) -> Result<(), FileError> {
    let path = root.join(&edit.path);
    let before = files::read_text(&path)?;
    let after = edit.apply(&before).map_err(std::io::Error::other).context("edit", &path)?;
    if before == after { Ok(()) } else { files::replace(&path, after.as_bytes(), &scratch(lock)) }
}

/// What [`recover`] found.
#[derive(Debug, PartialEq, Eq)]
pub enum Recovery {
    /// Nothing to do, or another scalr is at work right now.
    Nothing,
    /// A new app that a killed scalr had committed is in place now.
    Finished(String),
    /// The uncommitted leftovers of a killed scalr were removed.
    Swept,
}

/// Completes or removes the work of a killed scalr. Costs two lookups if there is
/// none.
pub(crate) fn recover(root: &Root) -> Result<Recovery, FileError> {
    let state = root.path().join(STATE);
    if !state.join(FILE_NAME).exists() && is_empty(&state.join(STAGING)) && is_empty(&state.join(SCRATCH)) {
        return Ok(Recovery::Nothing);
    }
    match Lock::try_acquire(root)? {
        Some(lock) => recover_locked(root, &lock),
        None => Ok(Recovery::Nothing),
    }
}

/// Whether a committed change is incomplete.
#[must_use]
pub(crate) fn is_left(root: &Root) -> bool {
    root.path().join(STATE).join(FILE_NAME).exists()
}

/// The same for a command that holds the lock.
pub fn recover_locked(root: &Root, lock: &Lock) -> Result<Recovery, FileError> {
    let path = lock.state().join(FILE_NAME);
    let mut recovery = Recovery::Nothing;
    if path.exists() {
        let text = files::read_text(&path)?;
        let journal: Journal =
            serde_json::from_str(&text).map_err(std::io::Error::other).context("follow", &path)?;
        if journal.schema != VERSION {
            let other = std::io::Error::other("another version of scalr wrote it; finish with that version");
            return Err(other).context("follow", &path);
        }
        finish(root, lock, &journal)?;
        recovery = Recovery::Finished(journal.place);
    }
    for folder in [staging(lock), scratch(lock)] {
        if !is_empty(&folder) {
            std::fs::remove_dir_all(&folder).context("remove", &folder)?;
            if recovery == Recovery::Nothing {
                recovery = Recovery::Swept;
            }
        }
    }
    Ok(recovery)
}

fn remove(path: &Path) -> Result<(), FileError> {
    std::fs::remove_file(path).context("remove", path)?;
    files::sync_folder_of(path)
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none())
}
