//! Creates `.env.shared` from its example, and checks its permissions.

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::lock::Lock;
use super::root::Root;
use super::{Context, FileError, files, fresh, journal};
use scalr_model::env::shared::{Filled, fill};
use scalr_model::workspace::{SHARED_ENV_EXAMPLE, SHARED_ENV_FILE};

/// Only its owner reads and writes it.
const MODE: u32 = 0o600;

fn path(root: &Root) -> PathBuf {
    root.path().join(SHARED_ENV_FILE)
}

/// Creates the file, with a generated secret for each empty one of the example. An existing file is
/// an error. Readers find the whole file or none.
pub fn make(root: &Root, lock: &Lock) -> Result<Filled, FileError> {
    let (target, source) = (path(root), root.path().join(SHARED_ENV_EXAMPLE));
    let example = match files::read_text(&source) {
        // A repository without an example needs an empty file, since it is passed to Compose.
        Err(error) if error.source.kind() == io::ErrorKind::NotFound => String::new(),
        read => read?,
    };
    let filled = fill(&example, fresh::secret)
        .map_err(|error| io::Error::other(format!("line {}: {}", error.span.line, error.message)))
        .context("read", &source)?;
    let scratch = journal::scratch(lock);
    std::fs::create_dir_all(&scratch).context("create", &scratch)?;
    let temporary = scratch.join(format!("{SHARED_ENV_FILE}.{}", std::process::id()));
    let made = files::create(&temporary, filled.text.as_bytes(), MODE)
        // A link, unlike a rename, replaces nothing.
        .and_then(|()| std::fs::hard_link(&temporary, &target).context("create", &target));
    let _ = std::fs::remove_file(&temporary);
    let _ = std::fs::remove_dir(&scratch);
    made?;
    files::sync_folder_of(&target)?;
    Ok(filled)
}

/// The file's mode, if others than its owner may read or write it.
#[must_use]
pub(crate) fn open_to_others(root: &Root) -> Option<u32> {
    let mode = std::fs::metadata(path(root)).ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

/// Removes the permissions of other users.
pub(crate) fn close(root: &Root) -> Result<(), FileError> {
    let path = path(root);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(MODE)).context("set the mode of", &path)
}
