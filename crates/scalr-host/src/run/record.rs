//! The records of the last successful up of each subproject: `.scalr/projects/NAME.json`. They may be deleted at
//! any time; the next up then runs Compose again.

use std::path::{Path, PathBuf};

use crate::{FileError, files};
use scalr_model::run::fingerprint::{SCHEMA, UpRecord};

/// The folder of the records, in scalr's own folder.
#[must_use]
pub(crate) fn folder(state: &Path) -> PathBuf {
    state.join("projects")
}

/// Reads a record; a broken one, or one of another version, counts as missing.
#[must_use]
pub(crate) fn read(folder: &Path, name: &str) -> Option<UpRecord> {
    let record: UpRecord = serde_json::from_slice(&std::fs::read(path(folder, name)).ok()?).ok()?;
    (record.schema == SCHEMA).then_some(record)
}

/// Writes a record.
pub(crate) fn write(folder: &Path, name: &str, record: &UpRecord) -> Result<(), FileError> {
    std::fs::create_dir_all(folder).map_err(|source| FileError {
        action: "create",
        path: folder.to_owned(),
        source,
    })?;
    let target = path(folder, name);
    let text = serde_json::to_vec(record).map_err(|error| FileError {
        action: "write",
        path: target.clone(),
        source: error.into(),
    })?;
    files::replace(&target, &text, &folder.join("tmp"))
}

/// Removes a record, so that the subproject is not skipped because of it.
pub(crate) fn forget(folder: &Path, name: &str) {
    // It is missing already.
    let _ = std::fs::remove_file(path(folder, name));
}

fn path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.json"))
}
