//! Namespaces: <https://man7.org/linux/man-pages/man7/namespaces.7.html>.

use std::fs;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::process::{getegid, geteuid};
use rustix::thread::{
    LinkNameSpaceType, ThreadNameSpaceType, UnshareFlags, move_into_link_name_space,
    move_into_thread_name_spaces, unshare_unsafe,
};

use crate::credentials::{SANDBOX_GID, SANDBOX_UID};
use crate::pidfd::PidFd;

/// A kind of namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Namespace {
    /// Mounts.
    Mount,
    /// Processes: of the children only, when it is entered.
    Pid,
    /// System V IPC and POSIX message queues.
    Ipc,
    /// The host name.
    Uts,
    /// Users, and what privilege means.
    User,
}

impl Namespace {
    pub(crate) fn flags(some: &[Self]) -> libc::c_int {
        some.iter().fold(0, |flags, one| {
            flags
                | match one {
                    Self::Mount => libc::CLONE_NEWNS,
                    Self::Pid => libc::CLONE_NEWPID,
                    Self::Ipc => libc::CLONE_NEWIPC,
                    Self::Uts => libc::CLONE_NEWUTS,
                    Self::User => libc::CLONE_NEWUSER,
                }
        })
    }
}

/// Leaves the present namespaces of these kinds for new ones.
///
/// # Errors
/// Not privileged, or the host forbids it.
pub fn enter_new(kinds: &[Namespace]) -> io::Result<()> {
    let flags = UnshareFlags::from_bits_retain(Namespace::flags(kinds).cast_unsigned());
    // SAFETY: none of these flags unshares the file descriptor table (CLONE_FILES), which is what makes `unshare` unsafe.
    Ok(unsafe { unshare_unsafe(flags) }?)
}

/// Leaves the present namespaces of these kinds for those of another process.
///
/// # Errors
/// It is gone, or not privileged.
pub fn enter_those_of(process: &PidFd, kinds: &[Namespace]) -> io::Result<()> {
    let kinds = ThreadNameSpaceType::from_bits_retain(Namespace::flags(kinds).cast_unsigned());
    Ok(move_into_thread_name_spaces(process.as_fd(), kinds)?)
}

/// The pid namespace of this process, to come back to.
#[derive(Debug)]
pub struct PidNamespace(OwnedFd);

impl PidNamespace {
    /// The present one.
    ///
    /// # Errors
    /// `/proc` is not there.
    pub fn current() -> io::Result<Self> {
        Ok(Self(fs::File::open("/proc/self/ns/pid")?.into()))
    }

    /// Makes it the namespace of the next child again.
    ///
    /// # Errors
    /// Not privileged.
    pub fn come_back(&self) -> io::Result<()> {
        let kind = Some(LinkNameSpaceType::ProcessID);
        Ok(move_into_link_name_space(self.0.as_fd(), kind)?)
    }
}

/// In a new user namespace: makes this process's user the sandbox's user.
///
/// # Errors
/// The host forbids it.
pub fn map_sandbox_user(outer: OuterUser) -> io::Result<()> {
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write(
        "/proc/self/uid_map",
        format!("{SANDBOX_UID} {} 1", outer.uid),
    )?;
    fs::write(
        "/proc/self/gid_map",
        format!("{SANDBOX_GID} {} 1", outer.gid),
    )
}

/// The user outside, read before the user namespace is entered.
#[derive(Clone, Copy, Debug)]
pub struct OuterUser {
    uid: u32,
    gid: u32,
}

impl OuterUser {
    /// This process's user.
    pub fn current() -> Self {
        Self {
            uid: geteuid().as_raw(),
            gid: getegid().as_raw(),
        }
    }
}

/// Whether a child of this process can have a root file system of its own: tries it in a process that then ends.
///
/// # Errors
/// Which step the host refuses.
pub fn probe(in_user_namespace: bool, mount_point: &Path) -> io::Result<()> {
    use std::os::unix::process::CommandExt;

    use Namespace::{Ipc, Mount, Pid, User, Uts};

    let mount_point = mount_point.to_path_buf();
    let outer = OuterUser::current();
    let attempt = move || {
        if in_user_namespace {
            enter_new(&[User, Mount, Pid, Ipc, Uts])?;
            map_sandbox_user(outer)?;
        } else {
            enter_new(&[Mount, Pid, Ipc, Uts])?;
        }
        crate::mount::make_private()?;
        crate::mount::tmpfs(&mount_point, 1, 0o755)
    };
    let mut command = std::process::Command::new("/bin/true");
    // SAFETY: the closure runs between fork and exec of a process that may have other threads. It makes system calls and short
    // allocations; glibc's allocator resets its locks in the child, and no other lock is taken.
    unsafe { command.pre_exec(attempt) };
    match command.status()?.success() {
        true => Ok(()),
        false => Err(io::Error::other("the probe process failed")),
    }
}
