//! Namespaces: <https://man7.org/linux/man-pages/man7/namespaces.7.html>.

use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::process::{getegid, geteuid};
use rustix::thread::{LinkNameSpaceType, UnshareFlags, move_into_link_name_space, unshare_unsafe};

use crate::credentials::{SANDBOX_GID, SANDBOX_UID};

/// Which new namespaces to enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum New {
    /// Mounts of its own.
    Mount,
    /// Mounts, System V IPC and host name of its own.
    MountIpcUts,
    /// The next child is the first process of a pid namespace.
    PidForChildren,
    /// A user namespace, and in it what the two above make.
    UserAndAll,
}

impl New {
    fn flags(self) -> UnshareFlags {
        let system = UnshareFlags::NEWNS | UnshareFlags::NEWIPC | UnshareFlags::NEWUTS;
        match self {
            Self::Mount => UnshareFlags::NEWNS,
            Self::MountIpcUts => system,
            Self::PidForChildren => UnshareFlags::NEWPID,
            Self::UserAndAll => UnshareFlags::NEWUSER | UnshareFlags::NEWPID | system,
        }
    }
}

/// Leaves the present namespaces for new ones.
///
/// # Errors
/// Not privileged, or the host forbids it.
pub fn enter(new: New) -> io::Result<()> {
    // SAFETY: none of these flags unshares the file descriptor table (CLONE_FILES), which is what makes `unshare` unsafe.
    Ok(unsafe { unshare_unsafe(new.flags()) }?)
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
        use std::os::fd::AsFd;
        Ok(move_into_link_name_space(
            self.0.as_fd(),
            Some(LinkNameSpaceType::ProcessID),
        )?)
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
    let mount_point = mount_point.to_path_buf();
    let outer = OuterUser::current();
    let attempt = move || {
        if in_user_namespace {
            enter(New::UserAndAll)?;
            map_sandbox_user(outer)?;
        } else {
            enter(New::MountIpcUts)?;
            enter(New::PidForChildren)?;
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
