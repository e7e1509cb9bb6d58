//! Reads files with bounds and writes them atomically.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::BorrowedFd;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags};
use rustix::io::Errno;

use super::{Context, FileError};

/// The result of reading a file.
#[derive(Debug)]
pub(crate) enum Contents {
    Bytes(Vec<u8>),
    /// More bytes than the limit; its size.
    TooLarge(u64),
    /// Not a regular file: a folder, FIFO, socket or device.
    NotRegular(&'static str),
}

/// Reads a regular file of at most `limit` bytes. Other files are never opened for reading, so that
/// a FIFO can't block and a device has no effect; links are followed.
pub(crate) fn read(path: &Path, limit: u64) -> io::Result<Contents> {
    read_at(CWD, path, limit)
}

/// The same for a path that begins at an open folder.
pub(crate) fn read_at(folder: BorrowedFd<'_>, path: &Path, limit: u64) -> io::Result<Contents> {
    // NONBLOCK, so that opening a FIFO without a writer returns at once. It has no effect on files.
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match rustix::fs::openat(folder, path, flags, Mode::empty()) {
        Ok(file) => File::from(file),
        // A socket can't be opened at all.
        Err(error) => match kind_at(folder, path, AtFlags::empty()) {
            Ok(kind) if !kind.is_file() => return Ok(Contents::NotRegular(name(kind))),
            Err(Errno::NOENT | Errno::LOOP)
                if kind_at(folder, path, AtFlags::SYMLINK_NOFOLLOW).is_ok_and(FileType::is_symlink) =>
            {
                return Ok(Contents::NotRegular("a link that leads nowhere"));
            }
            _ => return Err(error.into()),
        },
    };
    let found = rustix::fs::fstat(&file)?;
    let kind = FileType::from_raw_mode(found.st_mode);
    if !kind.is_file() {
        return Ok(Contents::NotRegular(name(kind)));
    }
    let size = u64::try_from(found.st_size).unwrap_or_default();
    if size > limit {
        return Ok(Contents::TooLarge(size));
    }
    let bytes = read_sized(file, size, limit)?;
    if bytes.len() as u64 > limit {
        return Ok(Contents::TooLarge(bytes.len() as u64));
    }
    Ok(Contents::Bytes(bytes))
}

fn kind_at(folder: BorrowedFd<'_>, path: &Path, flags: AtFlags) -> rustix::io::Result<FileType> {
    rustix::fs::statat(folder, path, flags).map(|found| FileType::from_raw_mode(found.st_mode))
}

/// The bytes of a file of that size, usually by one call, since the size gives its end.
/// Some file systems give no size (in /proc all are 0), so a size of 0 is not trusted.
fn read_sized(mut file: File, size: u64, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
    let mut filled = 0;
    while filled < bytes.len() {
        match file.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(filled);
    if size == 0 {
        file.take(limit + 1).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn name(kind: FileType) -> &'static str {
    match kind {
        FileType::Directory => "a folder",
        FileType::Fifo => "a FIFO",
        FileType::Socket => "a socket",
        _ => "a device",
    }
}

/// Reads a text file that must exist.
pub fn read_text(path: &Path) -> Result<String, FileError> {
    std::fs::read_to_string(path).context("read", path)
}

/// Whether the path exists; a broken link counts.
#[must_use]
pub fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Writes a new file; it must not exist.
pub fn create(path: &Path, bytes: &[u8], mode: u32) -> Result<(), FileError> {
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(mode).open(path).context("create", path)?;
    file.write_all(bytes).context("write", path)?;
    // The umask removed bits at creation; the copy gets the original's mode.
    if file.metadata().context("read the mode of", path)?.permissions().mode() & 0o777 != mode {
        file.set_permissions(std::fs::Permissions::from_mode(mode)).context("set the mode of", path)?;
    }
    Ok(())
}

/// Replaces a file's content atomically: a reader, even after a crash, finds the old content
/// or the new one. The new content is first written in `scratch`, which must be on the same file
/// system; a link is followed, the mode and the path are kept.
pub fn replace(path: &Path, bytes: &[u8], scratch: &Path) -> Result<(), FileError> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mode = std::fs::metadata(&target).map_or(0o644, |metadata| metadata.permissions().mode() & 0o7777);
    std::fs::create_dir_all(scratch).context("create", scratch)?;
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let temporary = scratch.join(format!("{name}.{}", std::process::id()));
    let written = create(&temporary, bytes, mode)
        .and_then(|()| sync_file(&temporary))
        .and_then(|()| std::fs::rename(&temporary, &target).context("replace", &target));
    if written.is_err() {
        let _ = std::fs::remove_file(&temporary);
    }
    written?;
    sync_folder_of(&target)
}

fn sync_file(path: &Path) -> Result<(), FileError> {
    File::open(path).and_then(|file| file.sync_all()).context("sync", path)
}

/// Makes the names in a file's folder durable.
pub(crate) fn sync_folder_of(path: &Path) -> Result<(), FileError> {
    let folder = path.parent().map_or_else(|| PathBuf::from("."), Path::to_owned);
    sync_file(&folder)
}

/// Makes everything below a folder durable, with one call where the system has one.
pub(crate) fn sync_tree(folder: &Path, files: &[PathBuf]) -> Result<(), FileError> {
    #[cfg(target_os = "linux")]
    {
        let _ = files;
        let handle = File::open(folder).context("open", folder)?;
        rustix::fs::syncfs(&handle).context("sync", folder)
    }
    #[cfg(not(target_os = "linux"))]
    {
        files.iter().try_for_each(|file| sync_file(file))?;
        sync_file(folder)
    }
}

/// Moves a folder atomically to a place that must be free.
pub(crate) fn move_into_place(from: &Path, to: &Path) -> Result<(), FileError> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{RenameFlags, renameat_with};
        match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
            Err(Errno::XDEV) => {
                let why = "it is on another file system than .scalr/, so it can't be made in one step; nothing was changed";
                return Err(io::Error::other(why)).context("move the new app to", to);
            }
            // Some network file systems support no flags.
            Err(Errno::INVAL | Errno::NOSYS) => {}
            done => return done.context("move the new app to", to),
        }
    }
    if to.symlink_metadata().is_ok() {
        return Err(io::Error::from(io::ErrorKind::AlreadyExists)).context("move the new app to", to);
    }
    std::fs::rename(from, to).context("move the new app to", to)
}
