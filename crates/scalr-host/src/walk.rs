//! Walks folders and skips those that no walk enters.

use std::ffi::OsStr;
use std::io;
use std::os::fd::BorrowedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use ignore::gitignore::GitignoreBuilder;
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags};
use rustix::io::Errno;

use super::ignored::{Ignored, Marks};
use super::root::Root;
use super::{Context, FileError};

/// Folders that are never entered, even if git does not ignore them.
const PRUNED: [&[u8]; 7] =
    [b".git", b"node_modules", b"target", b".venv", b"__pycache__", b"dist", super::lock::STATE.as_bytes()];

/// Why a walk ended early.
#[derive(Debug, thiserror::Error)]
pub enum WalkError {
    /// An exclude pattern is invalid.
    #[error(transparent)]
    Pattern(#[from] ignore::Error),
    /// A folder can't be read.
    #[error("failed to {0}")]
    File(#[from] FileError),
}

/// Whether a folder of that name is passed over everywhere.
#[must_use]
pub(crate) fn is_pruned(name: &[u8]) -> bool {
    PRUNED.contains(&name)
}

/// Opens a folder for reading what it holds; a link is not followed.
pub(crate) fn open(above: BorrowedFd<'_>, path: &Path) -> io::Result<Dir> {
    // The empty path is the folder that it begins at.
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(Dir::new(rustix::fs::openat(above, path, flags, Mode::empty())?)?)
}

/// Calls `visit` with the name and the type of every entry of a folder, in no order. Entries that vanish are skipped.
pub(crate) fn each(folder: &mut Dir, mut visit: impl FnMut(&[u8], FileType)) -> io::Result<()> {
    while let Some(entry) = folder.read() {
        let entry = entry?;
        let name = entry.file_name();
        if matches!(name.to_bytes(), b"." | b"..") {
            continue;
        }
        let kind = match entry.file_type() {
            // Some file systems don't return the type.
            FileType::Unknown => match rustix::fs::statat(folder.fd()?, name, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(found) => FileType::from_raw_mode(found.st_mode),
                Err(Errno::NOENT) => continue,
                Err(error) => return Err(error.into()),
            },
            kind => kind,
        };
        visit(name.to_bytes(), kind);
    }
    Ok(())
}

/// Every file and link of a folder, by path, except files that git ignores, pruned folders
/// and files that the patterns (in the syntax of .gitignore) exclude. Folders that hold no file are not
/// part of it, as in git.
pub(crate) fn files(root: &Root, folder: &Path, exclude: &[String]) -> Result<Vec<PathBuf>, WalkError> {
    let mut patterns = GitignoreBuilder::new(folder);
    for pattern in exclude {
        patterns.add_line(None, pattern)?;
    }
    let patterns = patterns.build()?;
    let mut files = Vec::new();
    let ignored = Ignored::around(root.path(), root.environment()).on_the_way(root.path(), folder);
    let mut folders = vec![(folder.to_owned(), ignored)];
    while let Some((folder, ignored)) = folders.pop() {
        let (mut names, mut marks) = (Vec::new(), Marks::default());
        open(rustix::fs::CWD, &folder)
            .and_then(|mut open| {
                each(&mut open, |name, kind| {
                    marks.record(name);
                    if !(kind.is_dir() && is_pruned(name)) {
                        names.push((folder.join(OsStr::from_bytes(name)), kind));
                    }
                })
            })
            .context("read", &folder)?;
        let ignored = ignored.inside(&folder, marks);
        for (path, kind) in names {
            let is_folder = kind.is_dir();
            if ignored.holds(&path, is_folder) || patterns.matched(&path, is_folder).is_ignore() {
                continue;
            }
            if is_folder {
                folders.push((path, ignored.clone()));
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
