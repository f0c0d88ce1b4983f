//! Open files of a process that is imaged: those that the host gave it, and those that a restored process opens again by their names.
//!
//! Only what is the same for all of a function's sandboxes can be opened again: files that are only read, at their present position, and the
//! few devices that hold no state.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{FileType, Mode, OFlags, SeekFrom, Stat};

use super::layout::Stamp;
use super::unfit::Unfit;

/// The most descriptors that are opened again.
const MAX_REOPENED: usize = 256;

/// `/dev/null`, `zero`, `full`, `random`, `urandom`: minors of the major below.
const STATELESS_DEVICES: [u32; 5] = [3, 5, 7, 8, 9];
const MEMORY_DEVICES: u32 = 1;

/// What a process has open.
#[derive(Debug)]
pub(super) struct Descriptors {
    kept: Vec<Kept>,
    reopened: Vec<Reopened>,
}

/// One that the host gives each sandbox anew, under the same number.
#[derive(Debug, PartialEq, Eq)]
struct Kept {
    number: RawFd,
    file_type: FileType,
    access: OFlags,
}

#[derive(Debug)]
struct Reopened {
    number: RawFd,
    path: PathBuf,
    stamp: Option<Stamp>,
    flags: OFlags,
    position: u64,
}

impl Descriptors {
    /// Looks through all open descriptors. The standard ones are kept, whatever `keep` says.
    ///
    /// # Errors
    /// `/proc` is not there.
    pub(super) fn survey(keep: &[RawFd]) -> io::Result<Result<Self, Unfit>> {
        let mut descriptors = Self {
            kept: Vec::new(),
            reopened: Vec::new(),
        };
        for number in open_numbers()? {
            if (0..=2).contains(&number) || keep.contains(&number) {
                descriptors.kept.push(Kept::of(number)?);
                continue;
            }
            match Reopened::of(number)? {
                Ok(file) if descriptors.has(&file) => {
                    let path = file.path;
                    return Ok(Err(Unfit::SharedPosition { path }));
                }
                Ok(_) if descriptors.reopened.len() == MAX_REOPENED => {
                    return Ok(Err(Unfit::Descriptor {
                        number,
                        what: format!("more than {MAX_REOPENED} files"),
                    }));
                }
                Ok(file) => descriptors.reopened.push(file),
                Err(unfit) => return Ok(Err(unfit)),
            }
        }
        Ok(Ok(descriptors))
    }

    fn has(&self, file: &Reopened) -> bool {
        file.stamp.is_some() && self.reopened.iter().any(|other| other.stamp == file.stamp)
    }

    /// Leaves one out that need not be of the same kind elsewhere.
    pub(super) fn forget(&mut self, number: RawFd) {
        self.kept.retain(|kept| kept.number != number);
    }

    /// Opens the files again, in a process that has only the kept ones.
    ///
    /// # Errors
    /// A kept descriptor is another kind of thing here, or a file is not what it was.
    pub(super) fn reopen(&self) -> io::Result<()> {
        for kept in &self.kept {
            if Kept::of(kept.number)? != *kept {
                let number = kept.number;
                return Err(io::Error::other(format!("descriptor {number} is another")));
            }
        }
        self.reopened.iter().try_for_each(Reopened::reopen)
    }
}

impl Kept {
    fn of(number: RawFd) -> io::Result<Self> {
        let fd = borrow(number);
        Ok(Self {
            number,
            file_type: FileType::from_raw_mode(rustix::fs::fstat(fd)?.st_mode),
            access: rustix::fs::fcntl_getfl(fd)? & OFlags::ACCMODE,
        })
    }
}

impl Reopened {
    fn of(number: RawFd) -> io::Result<Result<Self, Unfit>> {
        let fd = borrow(number);
        let stat = rustix::fs::fstat(fd)?;
        let path = std::fs::read_link(format!("/proc/self/fd/{number}"))?;
        let flags = rustix::fs::fcntl_getfl(fd)?;
        let written = flags & OFlags::ACCMODE != OFlags::RDONLY;
        let unfit = |what: &str| {
            let what = what.to_owned();
            Ok(Err(Unfit::Descriptor { number, what }))
        };
        let stamp = match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile if written => return Ok(Err(Unfit::WritableFile { path })),
            FileType::RegularFile => Some(stamp_of(&stat)),
            FileType::CharacterDevice if is_stateless(&stat) => None,
            FileType::CharacterDevice => return unfit("a device"),
            FileType::BlockDevice => return unfit("a device"),
            FileType::Directory => return unfit("a folder"),
            FileType::Socket => return unfit("a socket"),
            FileType::Fifo => return unfit("a pipe"),
            _ => {
                return unfit(
                    &path
                        .to_string_lossy()
                        .replace("anon_inode:", "kernel object "),
                );
            }
        };
        match rustix::fs::stat(&path) {
            Ok(named) if stamp.is_none_or(|stamp| stamp_of(&named) == stamp) => {}
            _ => return unfit("a file that has no name any more"),
        }
        if is_locked(number)? {
            return unfit("a locked file");
        }
        if rustix::fs::fstatfs(fd)?.f_type == rustix::fs::PROC_SUPER_MAGIC {
            return unfit("a file of /proc");
        }
        let close_on_exec = rustix::io::fcntl_getfd(fd)?.contains(rustix::io::FdFlags::CLOEXEC);
        let mut flags = flags;
        flags.set(OFlags::CLOEXEC, close_on_exec);
        Ok(Ok(Self {
            number,
            path,
            stamp,
            flags,
            position: rustix::fs::tell(fd).unwrap_or(0),
        }))
    }

    fn reopen(&self) -> io::Result<()> {
        let file = rustix::fs::open(&self.path, self.flags, Mode::empty())?;
        if let Some(stamp) = self.stamp {
            if stamp_of(&rustix::fs::fstat(&file)?) != stamp {
                let path = self.path.display();
                return Err(io::Error::other(format!("{path} has changed")));
            }
            rustix::fs::seek(&file, SeekFrom::Start(self.position))?;
        }
        let close_on_exec = self.flags.contains(OFlags::CLOEXEC);
        let placed = if file.as_raw_fd() == self.number {
            file
        } else {
            duplicate_as(file, self.number, close_on_exec)?
        };
        // Its owner is in the memory that the image brought.
        let _ = placed.into_raw_fd();
        Ok(())
    }
}

/// The description by which a file is known again.
pub(super) fn stamp_of(stat: &Stat) -> Stamp {
    Stamp {
        device: stat.st_dev,
        inode: stat.st_ino,
        size_bytes: stat.st_size.cast_unsigned(),
        modified_s: stat.st_mtime.cast_unsigned(),
        modified_ns: stat.st_mtime_nsec,
    }
}

/// Opens a mapped file if it is still the same.
///
/// # Errors
/// It is not, or it cannot be opened.
pub(super) fn open_mapped(path: &[u8], stamp: Stamp) -> io::Result<File> {
    let path = Path::new(OsStr::from_bytes(path));
    let file = File::open(path)?;
    if stamp_of(&rustix::fs::fstat(&file)?) == stamp {
        Ok(file)
    } else {
        let path = path.display();
        Err(io::Error::other(format!("{path} has changed")))
    }
}

/// The same open file under this number, which is free or means what nobody uses.
///
/// # Errors
/// The number is beyond the limit of open files.
pub(super) fn duplicate_as(
    file: impl AsFd,
    number: RawFd,
    close_on_exec: bool,
) -> io::Result<OwnedFd> {
    let flags = if close_on_exec { libc::O_CLOEXEC } else { 0 };
    // SAFETY: the numbers are plain integers for the kernel, and no OwnedFd that is used again owns `number`.
    if unsafe { libc::dup3(file.as_fd().as_raw_fd(), number, flags) } < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: dup3 has just opened it.
    Ok(unsafe { OwnedFd::from_raw_fd(number) })
}

/// The numbers of all open descriptors.
///
/// # Errors
/// `/proc` is not there.
pub(super) fn open_numbers() -> io::Result<Vec<RawFd>> {
    let mut numbers = Vec::new();
    for entry in std::fs::read_dir("/proc/self/fd")? {
        numbers.extend(
            entry?
                .file_name()
                .to_str()
                .and_then(|name| name.parse::<RawFd>().ok()),
        );
    }
    // Reading the folder took a descriptor too, which is gone by now.
    numbers.retain(|number| rustix::io::fcntl_getfd(borrow(*number)).is_ok());
    numbers.sort_unstable();
    Ok(numbers)
}

fn is_stateless(stat: &Stat) -> bool {
    rustix::fs::major(stat.st_rdev) == MEMORY_DEVICES
        && STATELESS_DEVICES.contains(&rustix::fs::minor(stat.st_rdev))
}

fn is_locked(number: RawFd) -> io::Result<bool> {
    let text = std::fs::read_to_string(format!("/proc/self/fdinfo/{number}"))?;
    Ok(text.lines().any(|line| line.starts_with("lock:")))
}

fn borrow<'fd>(number: RawFd) -> BorrowedFd<'fd> {
    // SAFETY: the borrow is used at once, for calls that only look; a number that is not open makes them fail with EBADF.
    unsafe { BorrowedFd::borrow_raw(number) }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Seek};

    use super::*;

    fn look(file: &impl AsRawFd) -> Result<Reopened, Unfit> {
        Reopened::of(file.as_raw_fd()).expect("proc")
    }

    #[test]
    fn a_file_that_is_read_is_opened_again_at_its_place() {
        let mut file = File::open("/proc/self/exe").expect("open");
        file.seek(io::SeekFrom::Start(1)).expect("seek");
        let found = look(&file).expect("fit");
        assert_eq!(
            (found.position, found.flags.contains(OFlags::CLOEXEC)),
            (1, true)
        );
        let number = file.as_raw_fd();
        // Opened anew, it takes the place of the old one, whose owner goes on with it.
        found.reopen().expect("open");
        assert_eq!(file.stream_position().expect("tell"), 1);
        let mut letters = [0; 3];
        file.read_exact(&mut letters).expect("read");
        assert_eq!((&letters, number), (b"ELF", file.as_raw_fd()));
    }

    #[test]
    fn what_holds_state_is_refused() {
        let (reader, _writer) = io::pipe().expect("pipe");
        let what = |found: Result<Reopened, Unfit>| match found {
            Err(Unfit::Descriptor { what, .. }) => what,
            other => panic!("{other:?}"),
        };
        assert_eq!(what(look(&reader)), "a pipe");
        let socket = std::os::unix::net::UnixDatagram::unbound().expect("socket");
        assert_eq!(what(look(&socket)), "a socket");
        assert_eq!(what(look(&File::open("/").expect("open"))), "a folder");
        let counter = rustix::event::eventfd(0, rustix::event::EventfdFlags::CLOEXEC).expect("fd");
        assert_eq!(what(look(&counter)), "kernel object [eventfd]");
        let memory = rustix::fs::memfd_create("x", rustix::fs::MemfdFlags::CLOEXEC).expect("fd");
        assert!(matches!(look(&memory), Err(Unfit::WritableFile { .. })));
        assert_eq!(
            what(look(&File::open("/proc/self/status").expect("open"))),
            "a file of /proc"
        );
        assert!(look(&File::create("/dev/null").expect("open")).is_ok());
    }
}
