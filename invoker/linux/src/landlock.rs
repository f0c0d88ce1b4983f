//! Landlock: which version of it the kernel has. <https://docs.kernel.org/userspace-api/landlock.html>

/// Asks for the version instead of a ruleset.
const CREATE_RULESET_VERSION: libc::c_ulong = 1;

/// The ABI version of the kernel's Landlock; `None` when it has none, or it is switched off.
pub fn abi_version() -> Option<u32> {
    // SAFETY: with this flag the kernel reads no memory: the attribute pointer must be null and its size 0, as they are.
    let version = unsafe {
        libc::syscall(
            libc::SYS_landlock_create_ruleset,
            std::ptr::null::<libc::c_void>(),
            0_usize,
            CREATE_RULESET_VERSION,
        )
    };
    u32::try_from(version).ok().filter(|version| *version > 0)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_version_is_one_that_exists() {
        assert!(super::abi_version().is_none_or(|version| (1..100).contains(&version)));
    }
}
