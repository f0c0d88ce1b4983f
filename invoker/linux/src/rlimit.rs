//! Resource limits, of the function's process and of the server: <https://man7.org/linux/man-pages/man2/setrlimit.2.html>.

use std::io;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The most open files, as on Lambda: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>.
const OPEN_FILES: u64 = 1024;

/// Limits open files and forbids core dumps.
///
/// # Errors
/// The limits in force are lower already.
pub fn apply() -> io::Result<()> {
    let both = |limit| Rlimit {
        current: Some(limit),
        maximum: Some(limit),
    };
    setrlimit(Resource::Nofile, both(OPEN_FILES))?;
    setrlimit(Resource::Core, both(0))?;
    Ok(())
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
