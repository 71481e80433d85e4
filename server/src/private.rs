//! What only the server's own user may read: the data directory and everything in it.

use std::io;
use std::path::Path;

/// From now on every file that this process makes is its user's alone.
pub fn make_files_private() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

/// Makes the directory, and takes from others what an older program left them of it.
///
/// # Errors
/// If the disk refuses.
pub fn make_directory(directory: &Path) -> io::Result<()> {
    std::fs::create_dir_all(directory)?;
    #[cfg(unix)]
    close(directory)?;
    Ok(())
}

#[cfg(unix)]
fn close(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let found = std::fs::symlink_metadata(path)?;
    let wanted = if found.is_dir() { 0o700 } else { 0o600 };
    if found.is_symlink() {
        return Ok(());
    }
    let mode = found.permissions().mode();
    if mode & 0o077 != 0 {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(wanted))?;
        tracing::warn!(path = %path.display(), "others of this machine could read it; from now on they cannot");
    }
    if found.is_dir() {
        for entry in std::fs::read_dir(path)? {
            close(&entry?.path())?;
        }
    }
    Ok(())
}
