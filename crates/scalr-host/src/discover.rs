//! Finding the apps: a walk over the whole repository, by as many threads as there is work for.

use std::ffi::OsStr;
use std::io;
use std::ops::Range;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::Scope;

use memchr::memrchr;
use rustix::fs::{Mode, OFlags};

use super::ignored::{Ignored, Marks};
use super::root::Root;
use super::walk;
use super::{Context, FileError};
use scalr_model::compose::file::COMPOSE_FILES;
use scalr_model::manifest;
use scalr_model::rel_path::RelPath;

/// How many folders must be waiting for another thread to be worth its start.
const WORTH_A_THREAD: usize = 32;

const MOST_THREADS: usize = 8;

/// What the walk tells of.
#[derive(Debug)]
pub enum Found<'a> {
    /// A folder with a manifest.
    App(Folder<'a>),
    /// A place that the walk could not look into.
    Unreadable(RelPath, io::Error),
}

/// A folder that the walk is in.
#[derive(Debug)]
pub struct Folder<'a> {
    /// From the root.
    pub path: RelPath,
    /// Open, so that what it holds is reached without looking at the whole way again.
    pub open: BorrowedFd<'a>,
    /// Whether a compose file was seen. A link to one is not.
    pub has_compose: bool,
}

/// What `look` makes of every manifest below the root that git does not ignore, in no order. Several threads call it.
pub fn apps<T: Send>(
    root: &Root,
    look: impl Fn(Found<'_>) -> T + Sync,
) -> Result<impl Iterator<Item = T>, FileError> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let top = rustix::fs::open(root.path(), flags, Mode::empty()).context("open", root.path())?;
    let above = Above {
        path: Vec::new(),
        names: Vec::new(),
        ignored: Ignored::around(root.path(), root.environment()),
    };
    let state = State {
        waiting: vec![Waiting { above: Arc::new(above), name: 0..0 }],
        entered: 0,
        asleep: 0,
        threads: 1,
        seen: Vec::new(),
    };
    let walk = Walk {
        root: root.path(),
        top,
        look,
        state: Mutex::new(state),
        changed: Condvar::new(),
        most_threads: OnceLock::new(),
    };
    std::thread::scope(|scope| walk.work(scope));
    let state = walk.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(state.seen.into_iter().flatten())
}

/// A folder that is to be entered.
struct Waiting {
    above: Arc<Above>,
    /// Where its name stands in [`Above::names`].
    name: Range<usize>,
}

/// A folder that was entered. Paths and names are as the system has them: not every name is text.
struct Above {
    /// From the root.
    path: Vec<u8>,
    /// Those of the folders in it, one behind the other: what one thread takes from memory for each folder
    /// and another gives back, both wait for.
    names: Vec<u8>,
    /// What git ignores in it.
    ignored: Ignored,
}

impl Waiting {
    fn path(&self) -> Vec<u8> {
        join(&self.above.path, &self.above.names[self.name.clone()])
    }
}

struct Walk<'a, T, L> {
    root: &'a Path,
    top: OwnedFd,
    look: L,
    state: Mutex<State<T>>,
    /// There is more to enter, or the walk is over.
    changed: Condvar,
    most_threads: OnceLock<usize>,
}

struct State<T> {
    waiting: Vec<Waiting>,
    /// How many folders are being looked at.
    entered: usize,
    asleep: usize,
    threads: usize,
    /// What each thread has seen.
    seen: Vec<Vec<T>>,
}

impl<T: Send, L: Fn(Found<'_>) -> T + Sync> Walk<'_, T, L> {
    /// What each thread does.
    fn work<'scope>(&'scope self, scope: &'scope Scope<'scope, '_>) {
        let (mut found, mut seen) = (Vec::new(), Vec::new());
        while let Some(folder) = self.next() {
            let _entered = Entered(self);
            self.enter(&folder, &mut found, &mut seen);
            if self.add(&mut found) {
                // Without it the walk only takes longer.
                let _ = std::thread::Builder::new().spawn_scoped(scope, || self.work(scope));
            }
        }
        self.state().seen.push(seen);
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        // A thread that panicked can't have left it half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next folder to enter; none once all were.
    fn next(&self) -> Option<Waiting> {
        let mut state = self.state();
        loop {
            if let Some(folder) = state.waiting.pop() {
                state.entered += 1;
                return Some(folder);
            }
            if state.entered == 0 {
                return None;
            }
            state.asleep += 1;
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.asleep -= 1;
        }
    }

    /// Puts what was found to the rest, and tells whether one more thread shall help.
    fn add(&self, found: &mut Vec<Waiting>) -> bool {
        if found.is_empty() {
            return false;
        }
        let mut state = self.state();
        state.waiting.append(found);
        if state.asleep > 0 {
            self.changed.notify_all();
        }
        // How many cores there are is asked of several files: once, and not for a few folders.
        let cores = || std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
        let help =
            state.waiting.len() >= WORTH_A_THREAD && state.threads < *self.most_threads.get_or_init(cores);
        state.threads += usize::from(help);
        help
    }

    /// Looks at one folder, and collects those in it.
    fn enter(&self, folder: &Waiting, found: &mut Vec<Waiting>, seen: &mut Vec<T>) {
        let path = folder.path();
        let mut open = match walk::open(self.top.as_fd(), Path::new(OsStr::from_bytes(&path))) {
            Ok(open) => open,
            Err(error) => return seen.extend(self.unreadable(&path, error)),
        };
        let (mut marks, mut manifest, mut has_compose) = (Marks::default(), None, false);
        let (mut names, mut folders) = (Vec::new(), Vec::new());
        let read = walk::each(&mut open, |name, kind| {
            marks.see(name);
            if name == manifest::FILE_NAME.as_bytes() {
                // A folder of that name is reported, not entered.
                manifest = Some(kind);
            } else if kind.is_dir() {
                if !walk::is_pruned(name) {
                    folders.push(names.len()..names.len() + name.len());
                    names.extend_from_slice(name);
                }
            } else if kind.is_file() && COMPOSE_FILES.iter().any(|file| name == file.as_bytes()) {
                has_compose = true;
            }
        });
        if let Err(error) = read {
            seen.extend(self.unreadable(&path, error));
        }
        let ignored = folder.above.ignored.clone().inside(&self.absolute(&path), marks);
        let is_ignored = |name: &[u8], is_folder| {
            !ignored.is_empty() && ignored.holds(&self.absolute(&join(&path, name)), is_folder)
        };
        folders.retain(|name| !is_ignored(&names[name.clone()], true));
        if manifest.is_some_and(|kind| !is_ignored(manifest::FILE_NAME.as_bytes(), kind.is_dir())) {
            seen.push(match (relative(&path), open.fd()) {
                (Some(path), Ok(open)) => (self.look)(Found::App(Folder { path, open, has_compose })),
                (Some(path), Err(error)) => (self.look)(Found::Unreadable(path, error.into())),
                (None, _) => (self.look)(nameless(&path)),
            });
        }
        if !folders.is_empty() {
            let above = Arc::new(Above { path, names, ignored });
            found.extend(folders.into_iter().map(|name| Waiting { above: Arc::clone(&above), name }));
        }
    }

    fn absolute(&self, path: &[u8]) -> PathBuf {
        self.root.join(OsStr::from_bytes(path))
    }

    /// A folder that vanished or gave way to a file during the walk is no longer part of the repository; everything else is told.
    fn unreadable(&self, path: &[u8], error: io::Error) -> Option<T> {
        let is_gone = matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory);
        (!is_gone).then(|| (self.look)(Found::Unreadable(nearest(path), error)))
    }
}

/// Also where a look panics, the other threads must not wait for what it would have found.
struct Entered<'a, 'b, T: Send, L: Fn(Found<'_>) -> T + Sync>(&'b Walk<'a, T, L>);

impl<T: Send, L: Fn(Found<'_>) -> T + Sync> Drop for Entered<'_, '_, T, L> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.entered -= 1;
        if state.entered == 0 && state.asleep > 0 {
            self.0.changed.notify_all();
        }
    }
}

fn join(folder: &[u8], name: &[u8]) -> Vec<u8> {
    if folder.is_empty() { name.to_vec() } else { [folder, b"/", name].concat() }
}

fn relative(path: &[u8]) -> Option<RelPath> {
    RelPath::new(str::from_utf8(path).ok()?).ok()
}

/// The folder, or the nearest one above it whose path can be told.
fn nearest(mut path: &[u8]) -> RelPath {
    loop {
        if let Some(path) = relative(path) {
            return path;
        }
        path = &path[..memrchr(b'/', path).unwrap_or(0)];
    }
}

/// A manifest whose path is no text, or holds a line break or a backslash.
fn nameless(folder: &[u8]) -> Found<'static> {
    let path = format!("{}/{}", String::from_utf8_lossy(folder), manifest::FILE_NAME);
    let problem = format!("{path:?} holds a character that no path of the repository may hold");
    Found::Unreadable(nearest(folder), io::Error::other(problem))
}
