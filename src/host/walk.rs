//! Walking the repository: pruned, in parallel, without following links.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use ignore::{DirEntry, WalkBuilder, WalkState};

use super::git;
use super::root::Root;
use crate::model::manifest;
use crate::model::rel_path::RelPath;
use crate::model::workspace::COMPOSE_FILES;

/// Folders that are never entered, whether git ignores them or not.
const PRUNED: [&str; 7] =
    [".git", "node_modules", "target", ".venv", "__pycache__", "dist", super::lock::STATE];

/// How many apps keep a thread busy for long enough.
const APPS_PER_THREAD: usize = 16;

/// What the walk tells of, or a folder that could not be entered.
#[derive(Debug)]
pub enum Found {
    /// A path that ends in the manifest's name.
    Manifest(RelPath),
    /// A folder with a compose file that git does not ignore.
    Compose(RelPath),
    /// A place that the walk could not look into.
    Unreadable(RelPath, std::io::Error),
}

/// Calls `visit` for every manifest and compose file below the root, in no order; where there are about as many apps
/// as to be worth it, from several threads.
pub fn apps(root: &Root, about: usize, visit: impl Fn(Found) + Sync) {
    let threads = threads(about);
    if threads == 1 {
        // Starting even one thread takes as long as a walk over a few apps.
        return one_after_another(root, visit);
    }
    builder(root.path()).threads(threads).build_parallel().run(|| {
        Box::new(|entry| {
            let found = look_at(root, entry);
            // A folder of that name is reported, not entered.
            let next =
                if matches!(found, Some(Found::Manifest(_))) { WalkState::Skip } else { WalkState::Continue };
            if let Some(found) = found {
                visit(found);
            }
            next
        })
    });
}

fn one_after_another(root: &Root, visit: impl Fn(Found)) {
    // This walk can't be told to skip a folder, so what is below one is passed over.
    let mut skipped: Option<PathBuf> = None;
    for entry in builder(root.path()).build() {
        let path = entry.as_ref().map_or_else(path_of, |entry| Some(entry.path()));
        if skipped.as_ref().zip(path).is_some_and(|(folder, path)| path.starts_with(folder)) {
            continue;
        }
        let folder =
            entry.as_ref().ok().filter(|entry| is_folder(entry)).map(|entry| entry.path().to_owned());
        let found = look_at(root, entry);
        if matches!(found, Some(Found::Manifest(_))) {
            skipped = folder;
        }
        if let Some(found) = found {
            visit(found);
        }
    }
}

fn look_at(root: &Root, entry: Result<DirEntry, ignore::Error>) -> Option<Found> {
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) => return unreadable(root, error),
    };
    let name = entry.file_name();
    if name == manifest::FILE_NAME {
        return Some(match relative(root, entry.path()) {
            Some(path) => Found::Manifest(path),
            None => nameless(root, entry.path()),
        });
    }
    let is_compose = entry.file_type().is_some_and(|kind| kind.is_file())
        && COMPOSE_FILES.iter().any(|file| name == *file);
    is_compose.then(|| relative(root, entry.path())).flatten().map(|path| Found::Compose(path.parent()))
}

/// Every file and link of a folder, by path, without what git ignores, what is pruned everywhere
/// and what the patterns (in the syntax of .gitignore) exclude. Folders that hold no file are not
/// part of it, as in git.
pub fn files(folder: &Path, exclude: &[String]) -> Result<Vec<PathBuf>, ignore::Error> {
    let mut patterns = ignore::gitignore::GitignoreBuilder::new(folder);
    for pattern in exclude {
        patterns.add_line(None, pattern)?;
    }
    let patterns = patterns.build()?;
    let mut walker = builder(folder);
    walker.filter_entry(move |entry| {
        keep(entry) && !patterns.matched(entry.path(), is_folder(entry)).is_ignore()
    });
    let files = Mutex::new(Vec::new());
    for entry in walker.build() {
        let entry = entry?;
        if entry.file_type().is_some_and(|kind| !kind.is_dir())
            && let Ok(mut files) = files.lock()
        {
            files.push(entry.into_path());
        }
    }
    let mut files = files.into_inner().unwrap_or_default();
    files.sort();
    Ok(files)
}

fn builder(folder: &Path) -> WalkBuilder {
    let mut builder = WalkBuilder::new(folder);
    builder
        .hidden(false)
        .ignore(false)
        // A tree without .git (an archive, say) has the same apps as the checkout it came from.
        .require_git(false)
        .follow_links(false)
        // The library looks for the person's own patterns by a regular expression, which takes as long as a walk over some apps.
        .git_global(false)
        .filter_entry(keep);
    if let Some(file) = git::excludes_file() {
        // A pattern in it that can't be read is git's to tell.
        let _ = builder.add_ignore(file);
    }
    builder
}

fn keep(entry: &DirEntry) -> bool {
    // Most entries are files: the cheaper question first, and the name, which is cut out of the path, once.
    if !is_folder(entry) {
        return true;
    }
    let name = entry.file_name();
    !PRUNED.iter().any(|pruned| name == *pruned)
}

fn is_folder(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir())
}

/// A thread of the walk that finds nothing to do sleeps for a millisecond at a time, which is what a walk over a few apps takes.
fn threads(about: usize) -> usize {
    let useful = (1 + about / APPS_PER_THREAD).min(8);
    // How many cores there are is asked of several files.
    if useful == 1 { 1 } else { std::thread::available_parallelism().map_or(1, usize::from).min(useful) }
}

fn relative(root: &Root, path: &Path) -> Option<RelPath> {
    // What the walk finds begins with what it was given, byte by byte; comparing parts takes ten times as long.
    let below = path.as_os_str().as_bytes().strip_prefix(root.path().as_os_str().as_bytes())?;
    let below = match below {
        [b'/', below @ ..] => below,
        [] => below,
        // The root is `/`, or the path is that of a neighbour.
        _ => path.strip_prefix(root.path()).ok()?.as_os_str().as_bytes(),
    };
    RelPath::new(str::from_utf8(below).ok()?).ok()
}

/// A manifest whose path is no text, or holds a line break or a backslash: told at the nearest folder
/// that has a name.
fn nameless(root: &Root, path: &Path) -> Found {
    let folder = path.ancestors().skip(1).find_map(|folder| relative(root, folder)).unwrap_or_default();
    let problem =
        format!("{:?} holds a character that no path of the repository may hold", path.to_string_lossy());
    Found::Unreadable(folder, std::io::Error::other(problem))
}

/// What vanished during the walk is no longer part of the repository; everything else is told.
fn unreadable(root: &Root, error: ignore::Error) -> Option<Found> {
    let path = path_of(&error).and_then(|path| relative(root, path)).unwrap_or_default();
    let error = error.into_io_error()?;
    (error.kind() != std::io::ErrorKind::NotFound).then_some(Found::Unreadable(path, error))
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}
