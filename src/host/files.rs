//! Reading with bounds and writing atomically.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::{Context, FileError};

/// What reading a file gave.
#[derive(Debug)]
pub enum Contents {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// More bytes than were asked for; its size.
    TooLarge(u64),
    /// No regular file: a folder, FIFO, socket, device.
    NotRegular(&'static str),
}

/// Reads a regular file of at most `limit` bytes. Nothing else is ever opened for reading, so that
/// a FIFO can't block and a device can't act; links are followed.
pub fn read(path: &Path, limit: u64) -> io::Result<Contents> {
    // O_NONBLOCK: opening a FIFO without a writer returns at once. It means nothing for files.
    let flags = rustix::fs::OFlags::NONBLOCK.bits();
    let file = match OpenOptions::new().read(true).custom_flags(flags.cast_signed()).open(path) {
        Ok(file) => file,
        // A socket can't be opened at all.
        Err(error) => match std::fs::metadata(path) {
            Ok(metadata) if !metadata.is_file() => {
                return Ok(Contents::NotRegular(kind(metadata.file_type())));
            }
            Err(reason) if path.is_symlink() && leads_nowhere(&reason) => {
                return Ok(Contents::NotRegular("a link that leads nowhere"));
            }
            _ => return Err(error),
        },
    };
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Ok(Contents::NotRegular(kind(metadata.file_type())));
    }
    if metadata.len() > limit {
        return Ok(Contents::TooLarge(metadata.len()));
    }
    let bytes = read_sized(file, metadata.len(), limit)?;
    if bytes.len() as u64 > limit {
        return Ok(Contents::TooLarge(bytes.len() as u64));
    }
    Ok(Contents::Bytes(bytes))
}

/// The bytes of a file of that size, by one call in the ordinary case: the size tells where it ends.
/// Some file systems give no size (in /proc all are 0), so nothing is believed of an empty one.
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

/// Whether a link's target is missing or is the link itself.
fn leads_nowhere(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
        || error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

fn kind(file_type: std::fs::FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if file_type.is_dir() {
        "a folder"
    } else if file_type.is_fifo() {
        "a FIFO"
    } else if file_type.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

/// Reads a text file that has to be there.
pub fn read_text(path: &Path) -> Result<String, FileError> {
    std::fs::read_to_string(path).context("read", path)
}

/// Whether something is there, be it only a broken link.
#[must_use]
pub fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Writes a new file; it must not exist.
pub fn create(path: &Path, bytes: &[u8], mode: u32) -> Result<(), FileError> {
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(mode).open(path).context("create", path)?;
    file.write_all(bytes).context("write", path)?;
    // The umask took bits away at creation; the copy shall have the original's.
    if file.metadata().context("read the mode of", path)?.permissions().mode() & 0o777 != mode {
        file.set_permissions(std::fs::Permissions::from_mode(mode)).context("set the mode of", path)?;
    }
    Ok(())
}

/// Replaces a file's content in one step: whoever reads, now or after a crash, finds the old content
/// or the new one. The new content is first written in `scratch`, which must be on the same file
/// system; a link is followed, mode and place stay.
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
pub fn sync_folder_of(path: &Path) -> Result<(), FileError> {
    let folder = path.parent().map_or_else(|| PathBuf::from("."), Path::to_owned);
    sync_file(&folder)
}

/// Makes everything below a folder durable, with one call where the system has one.
pub fn sync_tree(folder: &Path, files: &[PathBuf]) -> Result<(), FileError> {
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

/// Moves a folder to a place that must be free, in one step.
pub fn move_into_place(from: &Path, to: &Path) -> Result<(), FileError> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
            Err(rustix::io::Errno::XDEV) => {
                let why = "it is on another file system than .scalr/, so it can't be made in one step; nothing was changed";
                return Err(io::Error::other(why)).context("move the new app to", to);
            }
            // Some network file systems know no flags.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {}
            done => return done.context("move the new app to", to),
        }
    }
    if to.symlink_metadata().is_ok() {
        return Err(io::Error::from(io::ErrorKind::AlreadyExists)).context("move the new app to", to);
    }
    std::fs::rename(from, to).context("move the new app to", to)
}
