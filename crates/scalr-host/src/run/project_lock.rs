//! One scalr at a time for each subproject: two `docker compose up` of one project at once fail.
//!
//! The lock is an open file, and Compose gets it as its standard input: if scalr is killed, the lock stays held
//! until the Compose that it left behind has ended.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

use crate::shutdown::{Shutdown, ShutdownStage};
use crate::{Context, FileError};

/// The lock of one subproject, held until it and every child that has it are gone.
#[derive(Debug)]
pub struct ProjectLock {
    file: File,
    /// Whether somebody else had it, so that what was planned may be old.
    pub waited: bool,
}

impl ProjectLock {
    /// Takes the lock, waiting for another scalr for as long as that takes; `waiting` is called once, with
    /// who it is. Nothing comes back when the run is ended meanwhile.
    pub async fn acquire(
        folder: &Path,
        name: &str,
        shutdown: &Shutdown,
        waiting: impl FnOnce(&str),
    ) -> Result<Option<Self>, FileError> {
        std::fs::create_dir_all(folder).context("create", folder)?;
        let path = folder.join(format!("{name}.lock"));
        let file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path);
        let file = file.context("open", &path)?;
        let free = flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok();
        if !free {
            waiting(&holder(&path));
            let waiter = file.try_clone().context("open", &path)?;
            let (done, locked) = tokio::sync::oneshot::channel();
            // In a thread of its own, because flock(2) waits in the kernel. It is left behind if the run ends.
            std::thread::spawn(move || {
                let _ = done.send(flock(&waiter, FlockOperation::LockExclusive));
            });
            tokio::select! {
                result = locked => match result {
                    Ok(result) => result.context("lock", &path)?,
                    Err(_) => return Ok(None),
                },
                () = shutdown.reached(ShutdownStage::Drain) => return Ok(None),
            }
        }
        let mut lock = Self { file, waited: !free };
        lock.sign();
        Ok(Some(lock))
    }

    /// The lock once more, for a child to hold.
    #[must_use]
    pub fn share(&self) -> Option<File> {
        self.file.try_clone().ok()
    }

    /// A note for people who wait; failing to write it is no error.
    fn sign(&mut self) {
        let _ = self.file.set_len(0);
        let _ = self.file.rewind();
        let _ = writeln!(self.file, "process {}", std::process::id());
    }
}

/// The locks that somebody holds just now: of whom, and the note that the holder left.
#[must_use]
pub fn held(folder: &Path) -> Vec<(String, String)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut held: Vec<_> = entries
        .flatten()
        .filter_map(|entry| {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().strip_suffix(".lock")?.to_owned();
            let file = File::open(&path).ok()?;
            // Closing the file gives it free again at once.
            let free = flock(&file, FlockOperation::NonBlockingLockShared).is_ok();
            (!free).then(|| (name, holder(&path)))
        })
        .collect();
    held.sort();
    held
}

fn holder(path: &Path) -> String {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(80).read_to_string(&mut text));
    match (read, text.trim()) {
        (Ok(_), note) if !note.is_empty() => note.to_owned(),
        _ => "process unknown".to_owned(),
    }
}
