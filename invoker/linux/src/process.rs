//! Fork, wait, and what a fresh process must forget.

use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};

use rustix::process::{DumpableBehavior, Pid, Signal, WaitOptions};

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

/// How many threads this process has.
///
/// # Errors
/// `/proc` is not there.
pub fn thread_count() -> io::Result<usize> {
    Ok(std::fs::read_dir("/proc/self/task")?.count())
}

/// Forks a process that has one thread.
///
/// # Errors
/// It has more than one thread, or the kernel has no room for a process.
pub fn fork_single_threaded() -> io::Result<Fork> {
    let threads = thread_count()?;
    if threads != 1 {
        return Err(io::Error::other(format!(
            "refused to fork with {threads} threads"
        )));
    }
    // SAFETY: this thread is the only one (checked above, and only it could start another), so no lock is held by a thread that
    // the child lacks, and the child may run any code.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => Ok(Fork::Child),
        child => Ok(Fork::Parent { child }),
    }
}

/// Ends this process at once: no destructors, no exit handlers, no flush.
pub fn exit_now(code: i32) -> ! {
    // SAFETY: `_exit` has no precondition; it touches no memory of this process.
    unsafe { libc::_exit(code) }
}

/// Waits for any child; `None` when none is left. The raw wait status.
///
/// # Errors
/// The kernel refuses.
pub fn wait_any() -> io::Result<Option<(i32, i32)>> {
    loop {
        match rustix::process::wait(WaitOptions::empty()) {
            Ok(Some((pid, status))) => {
                return Ok(Some((pid.as_raw_nonzero().get(), status.as_raw())));
            }
            Err(rustix::io::Errno::CHILD) => return Ok(None),
            Ok(None) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Takes a wait status apart: the exit code, or the signal that killed.
pub fn decode_wait_status(status: i32) -> Result<i32, i32> {
    if libc::WIFSIGNALED(status) {
        Err(libc::WTERMSIG(status))
    } else {
        Ok(libc::WEXITSTATUS(status))
    }
}

/// Lets the kernel reap this process's children by itself, or not.
pub fn reap_children_automatically(enabled: bool) {
    let action = if enabled {
        libc::SIG_IGN
    } else {
        libc::SIG_DFL
    };
    // SAFETY: both actions are the kernel's own, so no handler code of ours can ever run in signal context.
    unsafe { libc::signal(libc::SIGCHLD, action) };
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
    fn wait_statuses_come_apart() {
        assert_eq!(decode_wait_status(3 << 8), Ok(3));
        assert_eq!(decode_wait_status(libc::SIGKILL), Err(libc::SIGKILL));
        assert_eq!(decode_wait_status(libc::SIGSEGV | 0x80), Err(libc::SIGSEGV));
    }

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
        assert!(thread_count().expect("proc") > 1);
        assert!(fork_single_threaded().is_err());
    }
}
