//! Why a process cannot be imaged: state that lies outside of its memory and would be missing, or be shared, where the image is restored.
//!
//! Each reason is a sentence for whoever wrote the function. What is not found here either is memory, or is carried as
//! [`super::state::ProcessState`].

use std::fmt;
use std::io;
use std::os::fd::RawFd;
use std::path::{Path, PathBuf};

use super::descriptors::Descriptors;
use super::maps::mappings;
use super::region::{UnfitMapping, classify};
use super::status::Status;

/// Why this process cannot be imaged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It has more threads than the one that asks.
    Threads {
        /// Those beyond the first.
        others: u64,
    },
    /// It has a child process that runs, or that nobody has waited for.
    ChildProcess,
    /// It holds something open that another process cannot open by its name.
    Descriptor {
        /// Its number.
        number: RawFd,
        /// What it is.
        what: String,
    },
    /// It holds a file open for writing.
    WritableFile {
        /// Its path.
        path: PathBuf,
    },
    /// Two descriptors share one position in a file, or may do so.
    SharedPosition {
        /// The file.
        path: PathBuf,
    },
    /// It made a file in the folder that is private to its sandbox.
    ScratchFile {
        /// The first that was found.
        path: PathBuf,
    },
    /// It maps memory that cannot be made again.
    Memory {
        /// As the kernel names it.
        name: String,
        /// What is wrong with it.
        why: UnfitMapping,
    },
    /// A timer runs.
    Timer,
    /// A signal was sent to it and not yet delivered.
    PendingSignal,
    /// Its returns are checked against a second stack, which cannot be carried.
    ShadowStack,
}

impl fmt::Display for Unfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Threads { others: 1 } => formatter.write_str("it keeps a thread running"),
            Self::Threads { others } => write!(formatter, "it keeps {others} threads running"),
            Self::ChildProcess => formatter.write_str("it has a child process"),
            Self::Descriptor { number, what } => {
                write!(formatter, "it keeps {what} open (descriptor {number})")
            }
            Self::WritableFile { path } => {
                write!(formatter, "it keeps {} open for writing", path.display())
            }
            Self::SharedPosition { path } => {
                write!(formatter, "it keeps {} open twice", path.display())
            }
            Self::ScratchFile { path } => write!(formatter, "it made {}", path.display()),
            Self::Memory { name, why } if name.is_empty() => {
                write!(formatter, "it maps {why}")
            }
            Self::Memory { name, why } => write!(formatter, "it maps {why}: {name}"),
            Self::Timer => formatter.write_str("it has set a timer"),
            Self::PendingSignal => formatter.write_str("a signal to it is not yet delivered"),
            Self::ShadowStack => formatter.write_str("it runs with a shadow stack"),
        }
    }
}

/// Looks for a reason; finding none, answers the descriptors to open again.
///
/// # Errors
/// `/proc` is not there, or a file on the way cannot be examined.
pub(super) fn examine(keep: &[RawFd], scratch: &Path) -> io::Result<Result<Descriptors, Unfit>> {
    let status = Status::read()?;
    if status.threads != 1 {
        let others = status.threads.saturating_sub(1);
        return Ok(Err(Unfit::Threads { others }));
    }
    if status.signal_pending {
        return Ok(Err(Unfit::PendingSignal));
    }
    if status.shadow_stack {
        return Ok(Err(Unfit::ShadowStack));
    }
    if has_child()? {
        return Ok(Err(Unfit::ChildProcess));
    }
    if has_timer()? {
        return Ok(Err(Unfit::Timer));
    }
    if let Some(path) = first_file(scratch)? {
        return Ok(Err(Unfit::ScratchFile { path }));
    }
    if let Some(unfit) = unfit_memory()? {
        return Ok(Err(unfit));
    }
    Descriptors::survey(keep)
}

fn has_child() -> io::Result<bool> {
    use rustix::process::{WaitId, WaitIdOptions, waitid};
    let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    match waitid(WaitId::All, look) {
        Ok(_) => Ok(true),
        Err(rustix::io::Errno::CHILD) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn has_timer() -> io::Result<bool> {
    for which in [libc::ITIMER_REAL, libc::ITIMER_VIRTUAL, libc::ITIMER_PROF] {
        let mut timer = libc::itimerval {
            it_interval: libc::timeval {
                tv_sec: 0,
                tv_usec: 0,
            },
            it_value: libc::timeval {
                tv_sec: 0,
                tv_usec: 0,
            },
        };
        // SAFETY: the kernel writes one `itimerval`, to which the pointer points.
        if unsafe { libc::getitimer(which, &raw mut timer) } < 0 {
            return Err(io::Error::last_os_error());
        }
        if timer.it_value.tv_sec != 0 || timer.it_value.tv_usec != 0 {
            return Ok(true);
        }
    }
    // A kernel that does not list timers leaves them unseen.
    Ok(std::fs::read("/proc/self/timers").is_ok_and(|timers| !timers.is_empty()))
}

fn first_file(scratch: &Path) -> io::Result<Option<PathBuf>> {
    match std::fs::read_dir(scratch) {
        Ok(mut entries) => Ok(entries.next().transpose()?.map(|entry| entry.path())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn unfit_memory() -> io::Result<Option<Unfit>> {
    let text = std::fs::read("/proc/self/smaps")?;
    let unfit = mappings(&text).find_map(|mapping| {
        let why = classify(&mapping).err()?;
        let name = String::from_utf8_lossy(mapping.name).into_owned();
        Some(Unfit::Memory { name, why })
    });
    Ok(unfit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_are_found_first() {
        // The test harness runs each test beside its main thread.
        let found = examine(&[], Path::new("/nowhere")).expect("proc");
        assert!(matches!(found, Err(Unfit::Threads { others: 1.. })));
    }

    #[test]
    fn reasons_are_sentences() {
        let socket = Unfit::Descriptor {
            number: 5,
            what: "a socket".into(),
        };
        assert_eq!(socket.to_string(), "it keeps a socket open (descriptor 5)");
        let threads = Unfit::Threads { others: 2 };
        assert_eq!(threads.to_string(), "it keeps 2 threads running");
        let memory = Unfit::Memory {
            name: String::new(),
            why: UnfitMapping::Shared,
        };
        assert_eq!(
            memory.to_string(),
            "it maps memory that is shared and writable"
        );
    }

    #[test]
    fn a_file_in_the_scratch_folder_is_found() {
        let folder = std::env::temp_dir().join(format!("image-unfit-{}", std::process::id()));
        assert_eq!(first_file(&folder).expect("none"), None);
        std::fs::create_dir(&folder).expect("create");
        assert_eq!(first_file(&folder).expect("empty"), None);
        std::fs::write(folder.join("cache"), "x").expect("write");
        let found = first_file(&folder).expect("one");
        std::fs::remove_dir_all(&folder).expect("remove");
        assert_eq!(found, Some(folder.join("cache")));
    }
}
