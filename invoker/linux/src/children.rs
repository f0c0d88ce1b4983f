//! The ends of a process's children: <https://man7.org/linux/man-pages/man2/wait.2.html>.

use std::io;
use std::mem::MaybeUninit;

use rustix::process::{WaitOptions, wait};

/// Lets the kernel reap this process's children by itself, or not.
pub fn reap_automatically(enabled: bool) {
    let action = if enabled {
        libc::SIG_IGN
    } else {
        libc::SIG_DFL
    };
    // SAFETY: both actions are the kernel's own, so no handler code of ours can ever run in signal context.
    unsafe { libc::signal(libc::SIGCHLD, action) };
}

/// Takes a wait status apart: the exit code, or the signal that killed.
pub fn decode_wait_status(status: i32) -> Result<i32, i32> {
    if libc::WIFSIGNALED(status) {
        Err(libc::WTERMSIG(status))
    } else {
        Ok(libc::WEXITSTATUS(status))
    }
}

/// Waits for the end of a child; other children are reaped on the way. It need not be a child yet: it may be inherited later from a
/// parent that ends. The raw wait status.
///
/// # Errors
/// The kernel refuses, which it never should.
pub fn wait_for(child: i32) -> io::Result<i32> {
    let mut ends = MaybeUninit::uninit();
    // SAFETY: `sigemptyset` initialises the set, which lives through all three calls; blocking a signal has no precondition.
    let ends = unsafe {
        libc::sigemptyset(ends.as_mut_ptr());
        libc::sigaddset(ends.as_mut_ptr(), libc::SIGCHLD);
        if libc::sigprocmask(libc::SIG_BLOCK, ends.as_ptr(), std::ptr::null_mut()) != 0 {
            return Err(io::Error::last_os_error());
        }
        ends.assume_init()
    };
    loop {
        // Blocked signals are kept, so an end between this look and the wait below is not missed.
        while let Some((ended, wait_status)) = next_ended()? {
            if ended == child {
                return Ok(wait_status);
            }
        }
        // SAFETY: the set is initialised, and nothing is asked to be written.
        unsafe { libc::sigwaitinfo(&raw const ends, std::ptr::null_mut()) };
    }
}

/// A child that has ended, if there is one.
fn next_ended() -> io::Result<Option<(i32, i32)>> {
    match wait(WaitOptions::NOHANG) {
        Ok(ended) => Ok(ended.map(|(pid, status)| (pid.as_raw_nonzero().get(), status.as_raw()))),
        Err(rustix::io::Errno::CHILD) => Ok(None),
        Err(error) => Err(error.into()),
    }
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
}
