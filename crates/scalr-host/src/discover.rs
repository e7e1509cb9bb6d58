//! Finding the apps: a walk over the whole repository, by all cores.

use std::ffi::OsStr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use memchr::memrchr;
use rayon::Scope;
use rustix::fs::{FileType, Mode, OFlags};

use super::ignored::{Ignored, Marks};
use super::root::Root;
use super::walk;
use super::{Context, FileError};
use scalr_model::compose::file::COMPOSE_FILES;
use scalr_model::manifest;
use scalr_model::rel_path::RelPath;

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
    let ignored = Ignored::around(root.path(), root.environment());
    let walk = Walk { root: root.path(), top, look, seen: Mutex::default() };
    rayon::scope(|scope| walk.enter(scope, &[], ignored));
    Ok(walk.seen.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter())
}

struct Walk<'a, T, L> {
    root: &'a Path,
    top: OwnedFd,
    look: L,
    seen: Mutex<Vec<T>>,
}

impl<T: Send, L: Fn(Found<'_>) -> T + Sync> Walk<'_, T, L> {
    /// Looks at one folder, and has those in it entered. The path is from the root, as the system has it: not every name is text.
    /// `around` is what git ignores around the folder.
    fn enter<'scope>(&'scope self, scope: &Scope<'scope>, path: &[u8], around: Ignored) {
        let mut open = match walk::open(self.top.as_fd(), Path::new(OsStr::from_bytes(path))) {
            Ok(open) => open,
            Err(error) => return self.unreadable(path, error),
        };
        let (mut marks, mut manifest, mut has_compose) = (Marks::default(), None, false);
        let mut folders: Vec<Vec<u8>> = Vec::new();
        let read = walk::each(&mut open, |name, kind| {
            marks.see(name);
            if name == manifest::FILE_NAME.as_bytes() {
                // A folder of that name is reported, not entered.
                manifest = Some(kind);
            } else if kind.is_dir() {
                if !walk::is_pruned(name) {
                    folders.push(join(path, name));
                }
            } else if kind.is_file() && COMPOSE_FILES.iter().any(|file| name == file.as_bytes()) {
                has_compose = true;
            }
        });
        if let Err(error) = read {
            self.unreadable(path, error);
        }
        let ignored = around.inside(&self.absolute(path), marks);
        let is_ignored =
            |path: &[u8], is_folder| !ignored.is_empty() && ignored.holds(&self.absolute(path), is_folder);
        for folder in folders {
            if !is_ignored(&folder, true) {
                let ignored = ignored.clone();
                scope.spawn(move |scope| self.enter(scope, &folder, ignored));
            }
        }
        let is_wanted =
            |kind: FileType| !is_ignored(&join(path, manifest::FILE_NAME.as_bytes()), kind.is_dir());
        if manifest.is_some_and(is_wanted) {
            self.tell(match (relative(path), open.fd()) {
                (Some(path), Ok(open)) => Found::App(Folder { path, open, has_compose }),
                (Some(path), Err(error)) => Found::Unreadable(path, error.into()),
                (None, _) => nameless(path),
            });
        }
    }

    fn tell(&self, found: Found<'_>) {
        let seen = (self.look)(found);
        // A look that panics does so before the lock is taken.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
    }

    fn absolute(&self, path: &[u8]) -> PathBuf {
        self.root.join(OsStr::from_bytes(path))
    }

    /// A folder that vanished or gave way to a file during the walk is no longer part of the repository; everything else is told.
    fn unreadable(&self, path: &[u8], error: io::Error) {
        if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) {
            self.tell(Found::Unreadable(nearest(path), error));
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
