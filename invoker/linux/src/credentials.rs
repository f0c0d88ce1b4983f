//! User, groups and capabilities: <https://man7.org/linux/man-pages/man7/capabilities.7.html>.

use std::io;

use rustix::process::{Gid, Uid};
use rustix::thread::{
    CapabilitiesSecureBits, CapabilitySet, CapabilitySets, remove_capability_from_bounding_set,
    set_capabilities, set_keep_capabilities, set_no_new_privs, set_thread_groups,
    set_thread_res_gid, set_thread_res_uid,
};

/// The user of every function, as on Lambda (`sbx_user1051`).
pub const SANDBOX_UID: u32 = 993;
/// Its group.
pub const SANDBOX_GID: u32 = 990;

/// Becomes the sandbox's user, without any other group; whether with the capabilities of now. Only for a process with one thread.
///
/// # Errors
/// Not privileged.
pub fn become_sandbox_user(keep_capabilities: bool) -> io::Result<()> {
    let (uid, gid) = (Uid::from_raw(SANDBOX_UID), Gid::from_raw(SANDBOX_GID));
    let before = rustix::thread::capabilities(None)?;
    set_keep_capabilities(keep_capabilities)?;
    set_thread_groups(&[])?;
    set_thread_res_gid(gid, gid, gid)?;
    set_thread_res_uid(uid, uid, uid)?;
    if keep_capabilities {
        set_capabilities(None, before)?;
    }
    Ok(())
}

/// Makes sure that no capability can be had again, by no exec: call it before the user changes.
///
/// # Errors
/// Not privileged.
pub fn forget_bounding_set() -> io::Result<()> {
    let _ = rustix::thread::set_capabilities_secure_bits(
        CapabilitiesSecureBits::NO_ROOT | CapabilitiesSecureBits::NO_ROOT_LOCKED,
    );
    for capability in CapabilitySet::all().iter() {
        match remove_capability_from_bounding_set(capability) {
            Ok(()) | Err(rustix::io::Errno::INVAL) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Gives up every capability.
///
/// # Errors
/// The kernel refuses, which it never should.
pub fn give_up_capabilities() -> io::Result<()> {
    let none = CapabilitySet::empty();
    set_capabilities(
        None,
        CapabilitySets {
            effective: none,
            permitted: none,
            inheritable: none,
        },
    )?;
    Ok(())
}

/// Gives up the right to gain privilege by exec.
///
/// # Errors
/// The kernel refuses, which it never should.
pub fn gain_no_privileges() -> io::Result<()> {
    Ok(set_no_new_privs(true)?)
}

/// Whether this process may mount and make namespaces of the host.
pub fn may_administer() -> bool {
    rustix::thread::capabilities(None).is_ok_and(|sets| {
        sets.effective
            .contains(CapabilitySet::SYS_ADMIN | CapabilitySet::SETUID)
    })
}
