//! Reads and writes the blueprints of `services/auth`.

use super::lock::Lock;
use super::root::Root;
use super::{Context, FileError, files, journal};
use scalr_model::rel_path::RelPath;
use scalr_model::sign_in::{BlueprintAction, Blueprints, FOLDER, SignInSync, SyncStatus, TEMPLATE};

/// The template and every blueprint; `None` if the repository has no folder for them.
pub fn read(root: &Root) -> Result<Option<Blueprints>, FileError> {
    let folder = RelPath::root().join(FOLDER);
    let absolute = root.join(&folder);
    if !absolute.is_dir() {
        return Ok(None);
    }
    let template = files::read_text(&root.join(&RelPath::root().join(TEMPLATE)))?;
    let mut blueprints = Blueprints { template, ..Blueprints::default() };
    for entry in std::fs::read_dir(&absolute).context("read", &absolute)? {
        let path = entry.context("read", &absolute)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
        if let Some(name) = name.filter(|_| path.extension().is_some_and(|extension| extension == "yaml")) {
            blueprints.existing.insert(folder.join(&name), files::read_text(&path)?);
        }
    }
    Ok(Some(blueprints))
}

/// Writes the changes, each file atomically. After a crash the same command makes the remaining ones.
pub fn apply(root: &Root, lock: &Lock, sync: &mut SignInSync) -> Result<(), FileError> {
    for change in &sync.changes {
        let path = root.join(&change.path);
        match change.action {
            BlueprintAction::Create | BlueprintAction::Update => {
                files::replace(&path, change.after.as_bytes(), &journal::scratch(lock))?;
            }
            BlueprintAction::Remove => std::fs::remove_file(&path).context("remove", &path)?,
        }
        sync.status = SyncStatus::Written;
    }
    Ok(())
}
