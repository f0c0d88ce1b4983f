//! Resource limits, of the function's process and of the server: <https://man7.org/linux/man-pages/man2/setrlimit.2.html>.

use std::io;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The most open files, as on Lambda: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>.
const OPEN_FILES: u64 = 1024;

/// Limits open files.
///
/// # Errors
/// The limit in force is lower already.
pub fn limit_open_files() -> io::Result<()> {
    limit(Resource::Nofile, OPEN_FILES)
}

/// Forbids core dumps.
///
/// # Errors
/// The kernel refuses, which it never should.
pub fn forbid_core_dumps() -> io::Result<()> {
    limit(Resource::Core, 0)
}

/// Limits the size of each file that is written, bytes.
///
/// # Errors
/// The limit in force is lower already.
pub fn limit_file_size(bytes: u64) -> io::Result<()> {
    limit(Resource::Fsize, bytes)
}

fn limit(resource: Resource, most: u64) -> io::Result<()> {
    let both = Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    Ok(setrlimit(resource, both)?)
}

/// Lets this process open as many files as the host allows it: a sandbox takes half a dozen.
///
/// # Errors
/// The kernel refuses, which it never should.
pub fn raise_open_files() -> io::Result<()> {
    let maximum = getrlimit(Resource::Nofile).maximum;
    setrlimit(
        Resource::Nofile,
        Rlimit {
            current: maximum,
            maximum,
        },
    )?;
    Ok(())
}
