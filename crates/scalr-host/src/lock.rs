//! One writer at a time: an advisory lock on `.scalr/lock`.
//!
//! The lock belongs to the open file, so the kernel frees it when its holder ends, however it
//! ends. The file's content only tells people who holds it.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};

use super::root::Root;
use super::shutdown::Shutdown;
use super::{Context, FileError};

/// scalr's own folder in the repository. git ignores it, and it may be deleted while no scalr runs.
pub const STATE: &str = ".scalr";

/// The lock, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    // Held open: closing it frees the lock.
    _file: File,
    state: PathBuf,
}

/// Why the lock could not be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another scalr has held it for all the time that we waited.
    #[error("another scalr is changing this repository ({holder}); waited {} s", waited.as_secs())]
    Held {
        /// Who, as far as is known.
        holder: String,
        /// How long we waited.
        waited: Duration,
    },
    /// Ctrl-C or SIGTERM while we waited.
    #[error("interrupted; nothing was changed")]
    Interrupted,
    /// The state folder can't be written.
    #[error("failed to {0}")]
    File(#[from] FileError),
}

impl Lock {
    /// Takes the lock, waiting at most `patience` for another scalr; `waiting` is called once, with
    /// the holder, when there is one.
    pub fn acquire(
        root: &Root,
        patience: Duration,
        shutdown: &Shutdown,
        waiting: impl FnOnce(&str),
    ) -> Result<Self, LockError> {
        let state = root.path().join(STATE);
        let file = open(&state)?;
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            waiting(&holder(&state));
            block(&file, &state, patience, shutdown)?;
        }
        Ok(Self::signed(file, state))
    }

    /// Takes the lock if nobody has it. The state folder must exist.
    pub fn try_acquire(root: &Root) -> Result<Option<Self>, FileError> {
        let state = root.path().join(STATE);
        let file = open(&state)?;
        Ok(flock(&file, FlockOperation::NonBlockingLockExclusive).ok().map(|()| Self::signed(file, state)))
    }

    /// scalr's own folder.
    #[must_use]
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// Leaves a note for whoever waits. It is for people only, so failing to write it is no error.
    fn signed(mut file: File, state: PathBuf) -> Self {
        let _ = file.set_len(0);
        let _ = writeln!(file, "process {}", std::process::id());
        Self { _file: file, state }
    }
}

/// Makes scalr's own folder where it is missing, hidden from git.
pub fn state_folder(root: &Root) -> Result<PathBuf, FileError> {
    let state = root.path().join(STATE);
    prepare(&state)?;
    Ok(state)
}

fn prepare(state: &Path) -> Result<(), FileError> {
    if !state.is_dir() {
        std::fs::create_dir_all(state).context("create", state)?;
    }
    let ignore = state.join(".gitignore");
    if !ignore.exists() {
        std::fs::write(&ignore, "# scalr's own state: nothing in here belongs in a commit.\n*\n")
            .context("write", &ignore)?;
    }
    Ok(())
}

fn open(state: &Path) -> Result<File, FileError> {
    prepare(state)?;
    let path = state.join("lock");
    OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path).context("open", &path)
}

/// Waits in a thread of its own, because flock(2) knows no time limit. When the time is over the
/// thread is left behind; the command ends then anyway.
fn block(file: &File, state: &Path, patience: Duration, shutdown: &Shutdown) -> Result<(), LockError> {
    let path = state.join("lock");
    let waiter = file.try_clone().context("open", &path)?;
    let (done, locked) = mpsc::channel();
    std::thread::spawn(move || {
        let _ = done.send(flock(&waiter, FlockOperation::LockExclusive));
    });
    let until = Instant::now() + patience;
    loop {
        // A signal wakes nobody who waits on a channel, so the wait is cut into short ones.
        match locked.recv_timeout(Duration::from_millis(50)) {
            Ok(result) => return result.context("lock", path).map_err(LockError::from),
            Err(_) if shutdown.is_requested() => return Err(LockError::Interrupted),
            Err(_) if Instant::now() < until => {}
            Err(_) => return Err(LockError::Held { holder: holder(state), waited: patience }),
        }
    }
}

fn holder(state: &Path) -> String {
    let mut text = String::new();
    let read = File::open(state.join("lock")).and_then(|file| file.take(80).read_to_string(&mut text));
    match (read, text.trim()) {
        (Ok(_), note) if !note.is_empty() => note.to_owned(),
        _ => "process unknown".to_owned(),
    }
}
