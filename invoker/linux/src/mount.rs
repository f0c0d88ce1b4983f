//! Mounts: <https://man7.org/linux/man-pages/man2/mount.2.html>, <https://man7.org/linux/man-pages/man2/mount_setattr.2.html>.
//!
//! All functions act on the mount namespace of the caller, which must be one of its own.

use std::ffi::CString;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::Path;

use rustix::fs::CWD;
use rustix::mount::{
    MountFlags, MountPropagationFlags, MoveMountFlags, OpenTreeFlags, UnmountFlags, mount,
    mount_bind_recursive, mount_change, mount_remount, move_mount, open_tree, unmount,
};

/// Stops mounts from spreading into and out of this namespace.
///
/// # Errors
/// Not privileged.
pub fn make_private() -> io::Result<()> {
    Ok(mount_change(
        "/",
        MountPropagationFlags::PRIVATE | MountPropagationFlags::REC,
    )?)
}

/// What a mount does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attributes {
    /// Writing.
    pub read_only: bool,
    /// Using device nodes.
    pub no_devices: bool,
    /// Becoming another user by running a program of his.
    pub no_set_user_id: bool,
}

impl Attributes {
    /// What is attached only to be read.
    pub const READ_ONLY: Self = Self {
        read_only: true,
        no_devices: true,
        no_set_user_id: true,
    };

    fn bits(self) -> u64 {
        let mut bits = 0;
        if self.no_set_user_id {
            bits |= libc::MOUNT_ATTR_NOSUID;
        }
        if self.read_only {
            bits |= libc::MOUNT_ATTR_RDONLY;
        }
        if self.no_devices {
            bits |= libc::MOUNT_ATTR_NODEV;
        }
        bits
    }
}

/// Makes `source`, with what is mounted below it, visible at `target`, which must exist.
///
/// # Errors
/// Either is missing, or not privileged.
pub fn bind(source: &Path, target: &Path, attributes: Attributes) -> io::Result<()> {
    mount_bind_recursive(source, target)?;
    set_attributes(
        &open_tree(CWD, target, OpenTreeFlags::OPEN_TREE_CLOEXEC)?,
        attributes,
    )
}

/// A copy of `source` with what is mounted below it, attached nowhere yet. Needs Linux 5.12.
///
/// # Errors
/// It is missing, or not privileged.
pub fn detached(source: &Path, attributes: Attributes) -> io::Result<OwnedFd> {
    let flags = OpenTreeFlags::OPEN_TREE_CLONE
        | OpenTreeFlags::OPEN_TREE_CLOEXEC
        | OpenTreeFlags::AT_RECURSIVE;
    let tree = open_tree(CWD, source, flags)?;
    set_attributes(&tree, attributes)?;
    Ok(tree)
}

/// Attaches what [`detached`] made, once.
///
/// # Errors
/// `target` is missing, or not privileged.
pub fn attach(tree: &OwnedFd, target: &Path) -> io::Result<()> {
    Ok(move_mount(
        tree,
        "",
        CWD,
        target,
        MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH,
    )?)
}

/// Makes the mount at `target` alone read-only, device nodes below it kept.
///
/// # Errors
/// Not privileged.
pub fn seal(target: &Path) -> io::Result<()> {
    Ok(mount_remount(
        target,
        MountFlags::BIND | MountFlags::RDONLY | MountFlags::NOSUID,
        "",
    )?)
}

fn set_attributes(tree: &OwnedFd, attributes: Attributes) -> io::Result<()> {
    let attr = libc::mount_attr {
        attr_set: attributes.bits(),
        attr_clr: 0,
        propagation: 0,
        userns_fd: 0,
    };
    // SAFETY: the path is an empty C string and `attr` a `mount_attr` of the size given; both live through the call, which only reads them.
    let result = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            tree.as_raw_fd(),
            c"".as_ptr(),
            libc::AT_RECURSIVE | libc::AT_EMPTY_PATH,
            &raw const attr,
            size_of::<libc::mount_attr>(),
        )
    };
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}

/// A file system in memory of at most `size_mib`.
///
/// # Errors
/// Not privileged.
pub fn tmpfs(target: &Path, size_mib: u32, mode: u32) -> io::Result<()> {
    let options = CString::new(format!("size={size_mib}m,mode={mode:o}"))?;
    Ok(mount(
        "tmpfs",
        target,
        "tmpfs",
        MountFlags::NOSUID | MountFlags::NODEV,
        options.as_c_str(),
    )?)
}

/// Gives a file system in memory another size.
///
/// # Errors
/// It holds more than that, or not privileged.
pub fn resize_tmpfs(target: &Path, size_mib: u32) -> io::Result<()> {
    let options = CString::new(format!("size={size_mib}m"))?;
    let flags = MountFlags::NOSUID | MountFlags::NODEV;
    Ok(mount_remount(target, flags, options.as_c_str())?)
}

/// Makes the mount at `target` shown nowhere any more.
///
/// # Errors
/// It is no mount point, or not privileged.
pub fn detach(target: &Path) -> io::Result<()> {
    Ok(unmount(target, UnmountFlags::DETACH)?)
}

/// A view of the caller's pid namespace.
///
/// # Errors
/// The host's own `/proc` is partly hidden and this is a user namespace, or not privileged.
pub fn proc(target: &Path) -> io::Result<()> {
    let flags = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC;
    Ok(mount("proc", target, "proc", flags, None)?)
}

/// Makes `root`, a mount point, the root of this namespace, and lets go of the old one.
///
/// # Errors
/// `root` is no mount point, or not privileged.
pub fn change_root(root: &Path) -> io::Result<()> {
    rustix::process::chdir(root)?;
    // With both arguments ".", the old root is stacked on the new one: see pivot_root(2), NOTES.
    rustix::process::pivot_root(".", ".")?;
    unmount(".", UnmountFlags::DETACH)?;
    Ok(rustix::process::chdir("/")?)
}
