//! Images of processes on processors for which they are not made: each call says so, and functions initialise afresh.
//!
//! The words are those of `image`, whose documentation holds.

use std::fs::File;
use std::io;
use std::os::fd::RawFd;
use std::path::Path;

/// The exit code of a process that was lost while it was restored.
pub const LOST_EXIT_CODE: i32 = 119;
/// The longest working set, bytes.
pub const MAX_WORKING_SET_BYTES: usize = 0;

/// Why this process cannot be imaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfit;

impl std::fmt::Display for Unfit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("images are made on x86-64 only")
    }
}

/// Which side of an image this is.
#[derive(Debug, PartialEq, Eq)]
pub enum Checkpoint {
    /// The image is written.
    Taken,
    /// The image was restored here.
    Restored,
    /// There is no image, and why.
    Unfit(Unfit),
}

/// Always unsupported.
///
/// # Errors
/// Always.
pub fn create(_room_bytes: u64) -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Always unsupported.
///
/// # Errors
/// Always.
pub fn seal(_image: &File) -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Always [`Unfit`].
///
/// # Errors
/// Never.
pub fn checkpoint(_target: &File, _keep: &[RawFd], _scratch: &Path) -> io::Result<Checkpoint> {
    Ok(Checkpoint::Unfit(Unfit))
}

/// Always unsupported.
pub fn restore(_image: &File, _keep: &[RawFd], _working_set: &[u8]) -> io::Error {
    io::ErrorKind::Unsupported.into()
}

/// Always empty.
///
/// # Errors
/// Never.
pub fn working_set() -> io::Result<Vec<u8>> {
    Ok(Vec::new())
}
