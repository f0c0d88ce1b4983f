//! Handles on processes that cannot come to mean another process: <https://man7.org/linux/man-pages/man2/pidfd_open.2.html>.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

/// A handle on one process. Readable once the process has ended.
#[derive(Debug)]
pub struct PidFd(OwnedFd);

impl PidFd {
    /// The process that has this id now.
    ///
    /// # Errors
    /// There is none.
    pub fn open(pid: i32) -> io::Result<Self> {
        let pid = Pid::from_raw(pid).ok_or(io::ErrorKind::InvalidInput)?;
        Ok(Self(pidfd_open(pid, PidfdFlags::empty())?))
    }

    /// The process's id among the processes that this one sees; nothing when it is gone.
    pub fn process_id(&self) -> Option<i32> {
        let facts = format!("/proc/self/fdinfo/{}", self.0.as_raw_fd());
        let facts = std::fs::read_to_string(facts).ok()?;
        let id = facts.lines().find_map(|line| line.strip_prefix("Pid:"))?;
        id.trim().parse().ok().filter(|id| *id > 0)
    }

    /// Kills the process; for the first process of a pid namespace, all others in it as well. One that is gone is no error.
    ///
    /// # Errors
    /// The process may not be killed by us.
    pub fn kill(&self) -> io::Result<()> {
        match pidfd_send_signal(&self.0, Signal::KILL) {
            Ok(()) | Err(rustix::io::Errno::SRCH) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Blocks until the process has ended, at most for `limit`; whether it has.
    ///
    /// # Errors
    /// The kernel refuses to poll.
    pub fn wait(&self, limit: Duration) -> io::Result<bool> {
        let mut fds = [PollFd::new(&self.0, PollFlags::IN)];
        let limit = Timespec {
            tv_sec: i64::try_from(limit.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: limit.subsec_nanos().into(),
        };
        Ok(poll(&mut fds, Some(&limit))? > 0)
    }
}

impl From<OwnedFd> for PidFd {
    fn from(fd: OwnedFd) -> Self {
        Self(fd)
    }
}

impl From<PidFd> for OwnedFd {
    fn from(fd: PidFd) -> Self {
        fd.0
    }
}

impl AsFd for PidFd {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl AsRawFd for PidFd {
    fn as_raw_fd(&self) -> i32 {
        self.0.as_raw_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kills_and_sees_the_end() {
        let mut child = std::process::Command::new("sleep")
            .arg("60")
            .spawn()
            .expect("sleep");
        let handle = PidFd::open(child.id().try_into().expect("small")).expect("pidfd");
        assert!(!handle.wait(Duration::ZERO).expect("poll"));
        assert_eq!(handle.process_id(), child.id().try_into().ok());
        handle.kill().expect("kill");
        assert!(handle.wait(Duration::from_secs(10)).expect("poll"));
        child.wait().expect("reap");
        handle.kill().expect("one that is gone is no error");
        assert_eq!(handle.process_id(), None);
    }
}
