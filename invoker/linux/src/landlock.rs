//! Landlock: which files a process may use, beside what its mounts allow. <https://docs.kernel.org/userspace-api/landlock.html>
//!
//! A [`Fence`] is built before it is needed; closing it takes one system call.

use std::io;
use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, BitFlags, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreated, RulesetCreatedAttr, Scope,
};

/// The newest version whose rights are asked for; what an older kernel lacks is left out.
const NEWEST: ABI = ABI::V6;
/// Asks for the version instead of a ruleset.
const CREATE_RULESET_VERSION: libc::c_ulong = 1;

/// What a process may still do with files once the fence is closed.
pub struct Fence(RulesetCreated);

impl Fence {
    /// Reading and running everything, writing only below `writable`; signals and abstract sockets only within. Folders that are not
    /// there are left out.
    ///
    /// # Errors
    /// The kernel refuses a rule.
    pub fn new(writable: &[&Path]) -> io::Result<Self> {
        let build = || {
            let mut ruleset = Ruleset::default()
                .set_compatibility(CompatLevel::BestEffort)
                .handle_access(AccessFs::from_all(NEWEST))?
                .scope(Scope::from_all(NEWEST))?
                .create()?;
            ruleset = allow(ruleset, Path::new("/"), AccessFs::from_read(NEWEST))?;
            for folder in writable {
                ruleset = allow(ruleset, folder, AccessFs::from_all(NEWEST))?;
            }
            Ok(ruleset)
        };
        build()
            .map(Self)
            .map_err(|error: landlock::RulesetError| io::Error::other(error.to_string()))
    }

    /// Closes it around this process and its descendants, for good. `no_new_privs` must be set, or the process be privileged.
    ///
    /// # Errors
    /// The kernel refuses.
    pub fn close(self) -> io::Result<()> {
        self.0
            .no_new_privs(false)
            .restrict_self()
            .map(drop)
            .map_err(|error| io::Error::other(error.to_string()))
    }
}

fn allow(
    ruleset: RulesetCreated,
    folder: &Path,
    access: BitFlags<AccessFs>,
) -> Result<RulesetCreated, landlock::RulesetError> {
    match PathFd::new(folder) {
        Ok(place) => ruleset.add_rule(PathBeneath::new(place, access)),
        Err(_) => Ok(ruleset),
    }
}

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
    use std::fs;

    use super::*;

    #[test]
    fn the_version_is_one_that_exists() {
        assert!(abi_version().is_none_or(|version| (1..100).contains(&version)));
    }

    #[test]
    fn a_closed_fence_holds_for_its_thread() {
        if abi_version().is_none() {
            return;
        }
        let inside = tempfile::tempdir().expect("folder");
        let outside = tempfile::tempdir().expect("folder");
        let (mine, other) = (inside.path().join("file"), outside.path().join("file"));
        let written = std::thread::scope(|scope| {
            let fenced = scope.spawn(|| {
                let fence = Fence::new(&[inside.path()]).expect("a kernel with Landlock");
                crate::credentials::gain_no_privileges().expect("always allowed");
                fence.close().expect("no privilege is needed");
                (
                    fs::write(&mine, "x").is_ok(),
                    fs::write(&other, "x").is_ok(),
                )
            });
            fenced.join().expect("no panic")
        });
        assert_eq!(written, (true, false));
        fs::write(&other, "x").expect("this thread is not fenced in");
    }
}
