//! Mounts: <https://man7.org/linux/man-pages/man2/mount.2.html>, <https://man7.org/linux/man-pages/man2/mount_setattr.2.html>.
//!
//! All functions act on the mount namespace of the caller, which must be one of its own.

use std::ffi::CString;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::mount::{
    MountFlags, MountPropagationFlags, UnmountFlags, mount, mount_bind_recursive, mount_change,
    mount_remount, unmount,
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

/// What a bind mount allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bind {
    /// Reading, and running programs.
    ReadOnly,
    /// A device node.
    Device,
}

/// Makes `source`, with what is mounted below it, visible at `target`, which must exist.
///
/// # Errors
/// Either is missing, or not privileged.
pub fn bind(source: &Path, target: &Path, how: Bind) -> io::Result<()> {
    mount_bind_recursive(source, target)?;
    match how {
        Bind::ReadOnly => make_read_only(target),
        Bind::Device => Ok(()),
    }
}

/// Makes the mounts at and below `target` read-only, without set-user-id programs and device nodes.
///
/// # Errors
/// Not privileged.
pub fn make_read_only(target: &Path) -> io::Result<()> {
    match set_attributes(
        target,
        libc::MOUNT_ATTR_RDONLY | libc::MOUNT_ATTR_NOSUID | libc::MOUNT_ATTR_NODEV,
    ) {
        // Kernels before 5.12: the top mount only.
        Err(error) if error.raw_os_error() == Some(libc::ENOSYS) => Ok(mount_remount(
            target,
            MountFlags::BIND | MountFlags::RDONLY | MountFlags::NOSUID | MountFlags::NODEV,
            "",
        )?),
        other => other,
    }
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

fn set_attributes(target: &Path, attributes: u64) -> io::Result<()> {
    let path = CString::new(target.as_os_str().as_bytes())?;
    let attr = libc::mount_attr {
        attr_set: attributes,
        attr_clr: 0,
        propagation: 0,
        userns_fd: 0,
    };
    // SAFETY: `path` is a C string and `attr` a `mount_attr` of the size given; both live through the call, which only reads them.
    let result = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            libc::AT_FDCWD,
            path.as_ptr(),
            libc::AT_RECURSIVE,
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
