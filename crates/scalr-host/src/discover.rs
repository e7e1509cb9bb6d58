//! Finding the apps: a walk over the whole repository by several threads. It follows no link.

use std::ffi::{OsStr, OsString};
use std::io;
use std::num::NonZero;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::mpsc::{self, Sender};
use std::thread::available_parallelism;

use rayon::{Scope, ThreadPoolBuilder};
use rustix::fs::{Mode, OFlags};

use super::ignored::{Ignored, Marks};
use super::root::Root;
use super::walk;
use super::{Context, FileError};
use scalr_model::compose::file::COMPOSE_FILES;
use scalr_model::manifest;
use scalr_model::rel_path::RelPath;

/// Each thread costs its start, also where few folders are to be walked.
const MOST_THREADS: usize = 8;

/// What the walk reports.
#[derive(Debug)]
pub enum Found<'a> {
    /// A folder with a manifest.
    App(Folder<'a>),
    /// A place that the walk could not read.
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

/// The results of `visit` for every manifest below the root that git does not ignore, in no order. Several threads call it.
pub fn apps<T: Send>(
    root: &Root,
    visit: impl Fn(Found<'_>) -> T + Sync,
) -> Result<impl Iterator<Item = T>, FileError> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let top = rustix::fs::open(root.path(), flags, Mode::empty()).context("open", root.path())?;
    // A pool of its own: rayon's global one panics if it can't start, and reads the environment.
    let pool = ThreadPoolBuilder::new()
        .num_threads(available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS))
        .build()
        .map_err(io::Error::other)
        .context("start threads that walk", root.path())?;
    let ignored = Ignored::around(root.path(), root.environment());
    let (results, received) = mpsc::channel();
    let walk = Walk { root: root.path(), top, visit, results };
    pool.scope(|scope| walk.enter(scope, Path::new(""), &ignored));
    drop(walk);
    Ok(received.into_iter())
}

struct Walk<'a, T, V> {
    root: &'a Path,
    top: OwnedFd,
    visit: V,
    results: Sender<T>,
}

impl<T: Send, V: Fn(Found<'_>) -> T + Sync> Walk<'_, T, V> {
    /// Visits one folder, and spawns a task for each folder in it. Paths are from the root, and as the system has them: not
    /// every name is text. `outer` are the ignore rules around the folder.
    fn enter<'scope>(&'scope self, scope: &Scope<'scope>, path: &Path, outer: &Ignored) {
        let mut open = match walk::open(self.top.as_fd(), path) {
            Ok(open) => open,
            Err(error) => return self.report_unreadable(path, error),
        };
        let (mut marks, mut manifest, mut has_compose) = (Marks::default(), None, false);
        let mut folders: Vec<OsString> = Vec::new();
        let read = walk::each(&mut open, |name, kind| {
            marks.record(name);
            if name == manifest::FILE_NAME.as_bytes() {
                // A folder of that name is reported, not entered.
                manifest = Some(kind);
            } else if kind.is_dir() {
                if !walk::is_pruned(name) {
                    folders.push(OsStr::from_bytes(name).to_owned());
                }
            } else if kind.is_file() && COMPOSE_FILES.iter().any(|file| name == file.as_bytes()) {
                has_compose = true;
            }
        });
        if let Err(error) = read {
            self.report_unreadable(path, error);
        }
        let absolute = self.root.join(path);
        let ignored = outer.clone().inside(&absolute, marks);
        if manifest.is_some_and(|kind| !ignored.holds(&absolute.join(manifest::FILE_NAME), kind.is_dir())) {
            self.report(match (relative(path), open.fd()) {
                (Some(path), Ok(open)) => Found::App(Folder { path, open, has_compose }),
                (Some(path), Err(error)) => Found::Unreadable(path, error.into()),
                (None, _) => nameless(path),
            });
        }
        for name in folders {
            if !ignored.holds(&absolute.join(&name), true) {
                let (path, ignored) = (path.join(name), ignored.clone());
                scope.spawn(move |scope| self.enter(scope, &path, &ignored));
            }
        }
    }

    fn report(&self, found: Found<'_>) {
        // The receiver outlives the walk.
        let _ = self.results.send((self.visit)(found));
    }

    /// A folder that vanished or gave way to a file during the walk is no longer part of the repository; everything else is reported.
    fn report_unreadable(&self, path: &Path, error: io::Error) {
        if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) {
            self.report(Found::Unreadable(nearest(path), error));
        }
    }
}

fn relative(path: &Path) -> Option<RelPath> {
    RelPath::new(path.to_str()?).ok()
}

/// The folder, or the nearest one above it whose path can be written.
fn nearest(path: &Path) -> RelPath {
    path.ancestors().find_map(relative).unwrap_or_else(RelPath::root)
}

/// A manifest whose path is no text, or holds a line break or a backslash.
fn nameless(folder: &Path) -> Found<'static> {
    let path = folder.join(manifest::FILE_NAME);
    let problem =
        format!("{:?} holds a character that no path of the repository may hold", path.to_string_lossy());
    Found::Unreadable(nearest(folder), io::Error::other(problem))
}
