//! Executes plans: new apps and edits of the repository's files.

use std::path::{Path, PathBuf};

use super::journal::{self, Journal};
use super::lock::Lock;
use super::root::Root;
use super::shutdown::Shutdown;
use super::{Context, FileError, files};
use scalr_model::plan::FileEdit;
use scalr_model::rel_path::RelPath;
use scalr_model::scaffold::Scaffold;
use scalr_model::template::Content;

/// Why a new app was not made. The repository is unchanged in every case.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// Its place is taken now.
    #[error("{0} exists already")]
    Taken(RelPath),
    /// Ctrl-C or SIGTERM.
    #[error("interrupted; nothing was changed")]
    Interrupted,
    /// The staged copy differs from the plan: the disk lost data, or another program wrote to .scalr/.
    #[error("the staged copy of {0} is not what was written; nothing was changed")]
    Differs(String),
    /// The system refused.
    #[error("failed to {0}")]
    File(#[from] FileError),
}

/// Makes a new app: staged, checked, then moved into place and registered.
pub fn create(root: &Root, lock: &Lock, scaffold: &Scaffold, shutdown: &Shutdown) -> Result<(), CreateError> {
    let place = &scaffold.values.place;
    if files::exists(&root.join(place)) {
        return Err(CreateError::Taken(place.clone()));
    }
    let staging = journal::staging(lock);
    let staged = staging.join(scaffold.values.slug.as_str());
    let outcome = stage(&staged, scaffold, shutdown).and_then(|()| {
        let relative = format!("staging/{}", scaffold.values.slug);
        let beside = scaffold.blueprint.as_ref().map(|change| (&change.path, change.after.as_str()));
        let journal = Journal::new(relative, place, beside);
        journal.write(lock)?;
        Ok(journal)
    });
    let journal = match outcome {
        Ok(journal) => journal,
        Err(error) => {
            // Not committed, so the staged files are removed.
            let _ = std::fs::remove_dir_all(&staging);
            return Err(error);
        }
    };
    journal::finish(root, lock, &journal)?;
    for leftover in [staging, journal::scratch(lock)] {
        let _ = std::fs::remove_dir(leftover);
    }
    Ok(())
}

fn stage(staged: &Path, scaffold: &Scaffold, shutdown: &Shutdown) -> Result<(), CreateError> {
    std::fs::create_dir_all(staged).context("create", staged)?;
    let mut folder = PathBuf::new();
    let mut paths = Vec::with_capacity(scaffold.files.len());
    for file in &scaffold.files {
        if shutdown.is_requested() {
            return Err(CreateError::Interrupted);
        }
        let path = staged.join(file.to.as_str());
        let parent = path.parent().unwrap_or(staged);
        if parent != folder {
            std::fs::create_dir_all(parent).context("create", parent)?;
            parent.clone_into(&mut folder);
        }
        match &file.content {
            Content::Text { text, mode, .. } => files::create(&path, text.as_bytes(), *mode)?,
            Content::Bytes { bytes, mode } => files::create(&path, bytes, *mode)?,
            Content::Symlink { target } => {
                std::os::unix::fs::symlink(target, &path).context("create", &path)?;
            }
        }
        paths.push(path);
    }
    // The post-conditions were checked on the plan, so they hold for the copy if it equals the plan.
    for (file, path) in scaffold.files.iter().zip(&paths) {
        let same = match &file.content {
            Content::Text { text, .. } => std::fs::read(path).context("read", path)? == text.as_bytes(),
            Content::Bytes { bytes, .. } => std::fs::read(path).context("read", path)? == *bytes,
            Content::Symlink { target } => {
                std::fs::read_link(path).context("read", path)?.as_os_str() == target.as_str()
            }
        };
        if !same {
            return Err(CreateError::Differs(file.to.to_string()));
        }
    }
    files::sync_tree(staged, &paths)?;
    if shutdown.is_requested() { Err(CreateError::Interrupted) } else { Ok(()) }
}

/// Applies edits, each file atomically. After a crash the same command makes the remaining ones.
pub fn edit(root: &Root, lock: &Lock, edits: &[FileEdit]) -> Result<(), FileError> {
    edits.iter().try_for_each(|edit| journal::edit(root, lock, edit))
}
