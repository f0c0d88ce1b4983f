//! Fork, wait, and what a fresh process must forget.

use std::io;
use std::marker::PhantomData;
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};

use rustix::fs::{Dir, Mode, OFlags};
use rustix::process::{DumpableBehavior, Pid, Signal};

use crate::namespace::Namespace;

/// Which side of a fork this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fork {
    /// The new process.
    Child,
    /// The old one.
    Parent {
        /// The new process's id.
        child: i32,
    },
}

/// The list of this process's threads, held open: it can be read where `/proc` is not.
#[derive(Debug)]
pub struct ThreadList(OwnedFd);

impl ThreadList {
    /// Of this process; a child needs one of its own.
    ///
    /// # Errors
    /// `/proc` is not there.
    pub fn open() -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = rustix::fs::open("/proc/self/task", flags, Mode::empty())?;
        Ok(Self(folder))
    }

    /// Makes sure that there is one thread.
    ///
    /// # Errors
    /// There are more.
    pub fn only_thread(&self) -> io::Result<OnlyThread> {
        let mut threads = 0;
        for entry in Dir::read_from(&self.0)? {
            let is_thread = entry?.file_name().to_bytes()[0] != b'.';
            threads += usize::from(is_thread);
        }
        if threads == 1 {
            Ok(OnlyThread(PhantomData))
        } else {
            Err(io::Error::other(format!(
                "refused to fork with {threads} threads"
            )))
        }
    }
}

/// Proves that the thread that has it is the only one of its process, for as long as it starts no other; its children inherit the proof.
#[derive(Debug)]
pub struct OnlyThread(PhantomData<*const ()>);

/// Forks.
///
/// # Errors
/// The kernel has no room for a process.
pub fn fork(_proof: &OnlyThread) -> io::Result<Fork> {
    // SAFETY: this thread is the only one, so no lock is held by a thread that the child lacks, and the child may run any code.
    fork_of(unsafe { libc::fork() })
}

/// Forks into new namespaces. No hooks of libc run, and Python must not run in the child.
///
/// # Errors
/// Not privileged, or the kernel has no room.
pub fn fork_into(_proof: &OnlyThread, new: &[Namespace]) -> io::Result<Fork> {
    let flags = libc::c_long::from(Namespace::flags(new) | libc::SIGCHLD);
    // SAFETY: as in `fork`; without CLONE_VM the child has a copy of the memory, and with no stack given it goes on with its copy of this one.
    let child = unsafe { libc::syscall(libc::SYS_clone, flags, 0, 0, 0, 0) };
    fork_of(i32::try_from(child).unwrap_or(-1))
}

fn fork_of(child: i32) -> io::Result<Fork> {
    match child {
        -1 => Err(io::Error::last_os_error()),
        0 => Ok(Fork::Child),
        child => Ok(Fork::Parent { child }),
    }
}

/// This process's id, in its own pid namespace.
pub fn own_id() -> i32 {
    rustix::process::getpid().as_raw_nonzero().get()
}

/// Ends this process at once: no destructors, no exit handlers, no flush.
pub fn exit_now(code: i32) -> ! {
    // SAFETY: `_exit` has no precondition; it touches no memory of this process.
    unsafe { libc::_exit(code) }
}

/// Has the kernel kill this process when its parent ends. A change of user forgets it, so call it afterwards.
///
/// # Errors
/// The kernel refuses.
pub fn die_with_parent() -> io::Result<()> {
    Ok(rustix::process::set_parent_process_death_signal(Some(
        Signal::KILL,
    ))?)
}

/// Whether other processes of the same user may look into this one (and own its `/proc` entries).
///
/// # Errors
/// The kernel refuses.
pub fn set_dumpable(dumpable: bool) -> io::Result<()> {
    let behavior = if dumpable {
        DumpableBehavior::Dumpable
    } else {
        DumpableBehavior::NotDumpable
    };
    Ok(rustix::process::set_dumpable_behavior(behavior)?)
}

/// Leads a session of its own, away from the server's terminal.
///
/// # Errors
/// It leads one already.
pub fn lead_session() -> io::Result<()> {
    rustix::process::setsid()?;
    Ok(())
}

/// Makes file descriptor `target` (0, 1 or 2) mean the same as `source`.
///
/// # Errors
/// No such descriptor.
pub fn redirect_standard(source: impl AsFd, target: RawFd) -> io::Result<()> {
    assert!(
        (0..=2).contains(&target),
        "only the standard descriptors, which no OwnedFd owns"
    );
    // SAFETY: descriptors 0 to 2 are owned by nobody in these processes, so replacing them invalidates no OwnedFd.
    if unsafe { libc::dup2(source.as_fd().as_raw_fd(), target) } < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// The same file under a descriptor of at least `at_least`, closed by exec.
///
/// # Errors
/// The limit of open files is lower.
pub fn move_descriptor(fd: OwnedFd, at_least: RawFd) -> io::Result<OwnedFd> {
    Ok(rustix::io::fcntl_dupfd_cloexec(&fd, at_least)?)
}

/// Takes over a descriptor that this process inherited under a number it was told.
///
/// # Errors
/// It is not open.
pub fn inherited(number: RawFd) -> io::Result<OwnedFd> {
    // SAFETY: the borrow lasts for this call only; a number that is not open makes fcntl fail with EBADF.
    let borrowed = unsafe { std::os::fd::BorrowedFd::borrow_raw(number) };
    Ok(rustix::io::fcntl_dupfd_cloexec(borrowed, 3)?)
}

/// Closes every descriptor above 2 except `keep`. Whatever owned one of them must have been forgotten: this is for a process that has just
/// been forked and never returns to the code that owned them.
///
/// # Errors
/// A kernel before 5.9.
pub fn close_all_but(keep: &OwnedFd) -> io::Result<()> {
    let keep = keep.as_raw_fd().cast_unsigned();
    for (first, last) in [(3, keep.saturating_sub(1)), (keep + 1, u32::MAX)] {
        if first > last {
            continue;
        }
        // SAFETY: the numbers are plain integers for the kernel. By this function's contract nothing in the process uses the closed
        // descriptors any more; a later use fails with EBADF and cannot break memory.
        if unsafe { libc::syscall(libc::SYS_close_range, first, last, 0) } < 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

/// The most memory that the only child of process `parent` ever used, bytes; nothing when either is gone.
pub fn peak_memory_of_child(parent: i32) -> Option<u64> {
    memory_of(child_of(parent)?, "VmHWM:")
}

/// The memory that the only child of process `parent` uses now, bytes; nothing when either is gone.
pub fn present_memory_of_child(parent: i32) -> Option<u64> {
    present_memory_of(child_of(parent)?)
}

/// The memory that a process uses now, bytes; nothing when it is gone.
pub fn present_memory_of(process: u32) -> Option<u64> {
    memory_of(process, "VmRSS:")
}

fn child_of(parent: i32) -> Option<u32> {
    let children =
        std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).ok()?;
    children.split_whitespace().next()?.parse().ok()
}

fn memory_of(process: u32, counter: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(counter))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024)
}

/// Kills a process by its id, for one that this process has just forked.
///
/// # Errors
/// It is gone.
pub fn kill_child(child: i32) -> io::Result<()> {
    let child = Pid::from_raw(child).ok_or(io::ErrorKind::InvalidInput)?;
    Ok(rustix::process::kill_process(child, Signal::KILL)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_childs_memory_is_read_while_it_lives() {
        let mut shell = std::process::Command::new("sh")
            .args(["-c", "sleep 60 & echo; wait"])
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("sh");
        let mut line = [0; 1];
        let mut output = shell.stdout.take().expect("piped");
        std::io::Read::read_exact(&mut output, &mut line).expect("its child runs");
        let parent = i32::try_from(shell.id()).expect("small");
        let children = format!("/proc/{parent}/task/{parent}/children");
        let children = std::fs::read_to_string(children).expect("proc");
        let child = children.trim();
        // Before that it is a copy of the shell, with the shell's memory.
        let name = || std::fs::read_to_string(format!("/proc/{child}/comm")).expect("proc");
        while name() != "sleep\n" {
            std::thread::yield_now();
        }
        // In this order: it may still grow.
        let present = present_memory_of_child(parent).expect("proc");
        let peak = peak_memory_of_child(parent).expect("proc");
        assert!((4096..1 << 30).contains(&peak), "{peak}");
        assert!((4096..=peak).contains(&present), "{present}");
        kill_child(child.parse().expect("one child")).expect("kill");
        shell.wait().expect("reap");
        assert_eq!(peak_memory_of_child(parent), None);
    }

    #[test]
    fn a_process_with_threads_does_not_fork() {
        // The test harness runs each test beside its main thread.
        let threads = ThreadList::open().expect("proc");
        assert!(threads.only_thread().is_err());
    }
}
