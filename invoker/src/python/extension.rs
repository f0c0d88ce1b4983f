//! The files that a zygote loads, embedded in the binary and laid out in the state folder.

use std::path::{Path, PathBuf};
use std::{fs, io};

const WORKER: &[u8] = include_bytes!(env!("HEARTH_WORKER"));
const RUNTIME: &str = include_str!("../../python/runtime.py");

/// The zygote's first code, given to the interpreter as an argument.
pub(super) const BOOT: &str = include_str!("../../python/boot.py");

/// Lays the files out. Each replaces its old self at once: a predecessor's zygote may still have it mapped.
pub(super) fn unpack(state_dir: &Path) -> io::Result<()> {
    fs::create_dir_all(mount_point(state_dir))?;
    for (name, content) in [
        ("hearth_worker.abi3.so", WORKER),
        ("runtime.py", RUNTIME.as_bytes()),
    ] {
        let (fresh, place) = (state_dir.join(format!("{name}.new")), state_dir.join(name));
        fs::write(&fresh, content)?;
        fs::rename(&fresh, &place)?;
    }
    Ok(())
}

/// Where zygotes mount root file systems, each in a mount namespace of its own, so that the host sees an empty folder.
pub(super) fn mount_point(state_dir: &Path) -> PathBuf {
    state_dir.join("root")
}

/// Removes the files.
pub(super) fn remove(state_dir: &Path) {
    let _ = fs::remove_dir(mount_point(state_dir));
    for name in ["hearth_worker.abi3.so", "runtime.py"] {
        let _ = fs::remove_file(state_dir.join(name));
    }
}
