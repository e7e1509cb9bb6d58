//! Advisory locks: one writer at a time for the repository (`.scalr/lock`), and one scalr at a time for each subproject.
//!
//! A lock belongs to the open file, so the kernel frees it when its holders end, however they end. The file's content only tells
//! people who holds it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::sync::oneshot;
use tracing::{Instrument, info_span};

use super::root::Root;
use super::shutdown::{Shutdown, ShutdownStage};
use super::{Context, FileError};

/// scalr's own folder in the repository. git ignores it, and it may be deleted while no scalr runs.
pub(crate) const STATE: &str = ".scalr";

/// Why the lock could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another scalr has held it for all the time that this one was to wait.
    #[error("another scalr is changing this repository ({holder}); waited {} s", waited.as_secs())]
    Held {
        /// The note that it left.
        holder: String,
        /// How long this one waited.
        waited: Duration,
    },
    /// The shutdown came first.
    #[error("interrupted; nothing was changed")]
    Interrupted,
    /// The file can't be opened or locked.
    #[error("failed to {0}")]
    File(#[from] FileError),
}

/// A lock on a file, held until it and every child that shares it are gone.
#[derive(Debug)]
pub(crate) struct FileLock {
    file: File,
    /// Whether another process had it, so that what was planned before may be old.
    pub(crate) waited: bool,
}

impl FileLock {
    /// Takes the lock, waiting for another scalr at most for `patience`, without one for as long as it takes; `waiting` is called
    /// once, with the note of the holder, when there is one.
    pub(crate) async fn acquire(
        path: &Path,
        patience: Option<Duration>,
        shutdown: &Shutdown,
        waiting: impl FnOnce(&str),
    ) -> Result<Self, LockError> {
        let file = open(path)?;
        if is_locked(&file).context("lock", path)? {
            return Ok(Self::signed(file, false));
        }
        waiting(&holder(path));
        let waiter = file.try_clone().context("open", path)?;
        let (sender, locked) = oneshot::channel();
        // The system's call knows no time limit. A thread that is left behind frees the lock as soon as it gets it.
        std::thread::spawn(move || {
            let locked = waiter.lock();
            // Before the answer, so that the lock is free as soon as its holder drops it.
            drop(waiter);
            sender.send(locked)
        });
        let over = async {
            match patience {
                Some(patience) => tokio::time::sleep(patience).await,
                None => std::future::pending().await,
            }
        };
        let wait = async {
            tokio::select! {
                result = locked => {
                    result.unwrap_or_else(|_| Err(io::ErrorKind::Interrupted.into())).context("lock", path)?;
                    Ok(Self::signed(file, true))
                }
                () = shutdown.reached(ShutdownStage::Drain) => Err(LockError::Interrupted),
                () = over => Err(LockError::Held { holder: holder(path), waited: patience.unwrap_or_default() }),
            }
        };
        let span =
            info_span!("lock", operation = "wait", file = path.file_name().and_then(|name| name.to_str()));
        wait.instrument(span).await
    }

    /// Takes the lock if it is free.
    pub(crate) fn try_acquire(path: &Path) -> Result<Option<Self>, FileError> {
        let file = open(path)?;
        Ok(is_locked(&file).context("lock", path)?.then(|| Self::signed(file, false)))
    }

    /// A copy of the lock for a child.
    #[must_use]
    pub(crate) fn share(&self) -> Option<File> {
        self.file.try_clone().ok()
    }

    /// Leaves a note for people who wait; failing to write it is no error.
    fn signed(mut file: File, waited: bool) -> Self {
        let _ = file.set_len(0);
        let _ = file.rewind();
        let _ = writeln!(file, "process {}", std::process::id());
        Self { file, waited }
    }
}

/// Who holds a lock just now: the note that was left.
pub(crate) fn held_by(path: &Path) -> Option<String> {
    // Closing the file frees it again at once.
    let free = File::open(path).ok()?.try_lock_shared();
    matches!(free, Err(TryLockError::WouldBlock)).then(|| holder(path))
}

fn open(path: &Path) -> Result<File, FileError> {
    OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path).context("open", path)
}

/// Whether the lock could be taken at once.
fn is_locked(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn holder(path: &Path) -> String {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(80).read_to_string(&mut text));
    match (read, text.trim()) {
        (Ok(_), note) if !note.is_empty() => note.to_owned(),
        _ => "process unknown".to_owned(),
    }
}

/// The lock of the repository, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: FileLock,
    state: PathBuf,
}

impl Lock {
    /// Takes the lock, as [`FileLock::acquire`].
    pub async fn acquire(
        root: &Root,
        patience: Duration,
        shutdown: &Shutdown,
        waiting: impl FnOnce(&str),
    ) -> Result<Self, LockError> {
        let state = state_folder(root)?;
        let file = FileLock::acquire(&state.join("lock"), Some(patience), shutdown, waiting).await?;
        Ok(Self { _file: file, state })
    }

    /// Takes the lock if it is free.
    pub(crate) fn try_acquire(root: &Root) -> Result<Option<Self>, FileError> {
        let state = state_folder(root)?;
        Ok(FileLock::try_acquire(&state.join("lock"))?.map(|file| Self { _file: file, state }))
    }

    /// scalr's own folder.
    #[must_use]
    pub(crate) fn state(&self) -> &Path {
        &self.state
    }
}

/// scalr's own folder, made where it is missing, and hidden from git.
pub fn state_folder(root: &Root) -> Result<PathBuf, FileError> {
    let state = root.path().join(STATE);
    if !state.is_dir() {
        std::fs::create_dir_all(&state).context("create", &state)?;
    }
    let ignore = state.join(".gitignore");
    if !ignore.exists() {
        std::fs::write(&ignore, "# scalr's own state: nothing in here belongs in a commit.\n*\n")
            .context("write", &ignore)?;
    }
    Ok(state)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
    }

    #[test]
    fn a_second_one_waits_for_the_first_and_says_for_whom() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let (_trigger, shutdown) = Shutdown::channel();
        let never = |holder: &str| panic!("{holder}");
        let first = block_on(FileLock::acquire(&path, None, &shutdown, never)).unwrap();
        assert!(!first.waited && FileLock::try_acquire(&path).unwrap().is_none());
        assert_eq!(held_by(&path), Some(format!("process {}", std::process::id())));

        let mut first = Some(first);
        let second = block_on(FileLock::acquire(&path, None, &shutdown, |holder| {
            assert_eq!(holder, format!("process {}", std::process::id()));
            drop(first.take());
        }));
        assert!(second.unwrap().waited);
        assert_eq!(held_by(&path), None);
    }

    #[test]
    fn patience_and_shutdown_end_the_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let (trigger, shutdown) = Shutdown::channel();
        let held = FileLock::try_acquire(&path).unwrap();
        // Also while a child has it.
        let child = held.as_ref().and_then(FileLock::share);
        drop(held);
        let patience = Some(Duration::from_millis(20));
        let late = block_on(FileLock::acquire(&path, patience, &shutdown, |_| {}));
        assert!(matches!(late, Err(LockError::Held { .. })), "{late:?}");
        let ended =
            block_on(FileLock::acquire(&path, None, &shutdown, |_| trigger.advance(ShutdownStage::Drain)));
        assert!(matches!(ended, Err(LockError::Interrupted)), "{ended:?}");
        drop(child);
    }
}
