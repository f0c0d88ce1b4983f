//! Shuts the first process of a sandbox in. Each step names itself in its error.
//!
//! The root file system has two layers of making: [`build_root`] is the same for all sandboxes of a zygote (made once, when the host
//! lets us), [`attach_own`] is what belongs to one sandbox. Everything is read-only but `/tmp`.

use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use invoker_linux::mount::{self, Bind};
use invoker_linux::namespace::{self, New};
use invoker_linux::{cgroup, credentials, process, rlimit, seccomp};
use invoker_wire::{Confinement, Spawn};

/// Room for mount points and the copies of small files, MiB.
const ROOT_MIB: u32 = 8;
/// Top-level folders that are links into `/usr` on most hosts.
const SYSTEM_FOLDERS: &[&str] = &["bin", "sbin", "lib", "lib32", "lib64", "libx32"];
/// Small files of `/etc` that libraries read; copied, so that no other file comes with them.
const ETC_FILES: &[&str] = &[
    "ld.so.cache",
    "resolv.conf",
    "hosts",
    "nsswitch.conf",
    "gai.conf",
    "host.conf",
    "localtime",
    "mime.types",
    "services",
    "protocols",
    "os-release",
];
/// Folders of `/etc` with the certificates of authorities.
const ETC_FOLDERS: &[&str] = &["ssl", "pki", "ca-certificates"];
const DEVICES: &[&str] = &["null", "zero", "full", "random", "urandom"];
const PASSWD: &str = "root:x:0:0:root:/root:/sbin/nologin\nsbx_user1051:x:993:990::/home/sbx_user1051:/sbin/nologin\n";
const GROUP: &str = "root:x:0:\nsbx_user1051:x:990:\n";
/// The init process is the last to be killed for want of memory.
const INIT_OOM_SCORE: &str = "-999";

fn step<T>(name: &str, result: io::Result<T>) -> io::Result<T> {
    result.map_err(|error| io::Error::new(error.kind(), format!("{name}: {error}")))
}

/// Builds, at `root`, what all sandboxes of this interpreter share.
pub(crate) fn build_root(root: &Path, prefixes: &[PathBuf]) -> io::Result<()> {
    step("mount the root", mount::tmpfs(root, ROOT_MIB, 0o755))?;
    for folder in ["proc", "tmp", "dev", "etc", "usr", "var/task", "opt/hearth"] {
        fs::create_dir_all(root.join(folder))?;
    }
    step(
        "attach /usr",
        mount::bind(Path::new("/usr"), &root.join("usr"), Bind::ReadOnly),
    )?;
    for name in SYSTEM_FOLDERS {
        let host = Path::new("/").join(name);
        if let Ok(target) = fs::read_link(&host) {
            symlink(target, root.join(name))?;
        } else if host.is_dir() {
            step(name, attach(root, &host))?;
        }
    }
    for prefix in prefixes
        .iter()
        .filter(|path| !path.starts_with("/usr") && path.parent().is_some())
    {
        step("attach the interpreter", attach(root, prefix))?;
    }
    build_etc(root)?;
    for name in DEVICES {
        let target = root.join("dev").join(name);
        fs::write(&target, "")?;
        step(
            name,
            mount::bind(&Path::new("/dev").join(name), &target, Bind::Device),
        )?;
    }
    for (name, target) in [
        ("fd", ""),
        ("stdin", "/0"),
        ("stdout", "/1"),
        ("stderr", "/2"),
    ] {
        symlink(
            format!("/proc/self/fd{target}"),
            root.join("dev").join(name),
        )?;
    }
    step("seal the root", mount::seal(root))
}

fn build_etc(root: &Path) -> io::Result<()> {
    let etc = root.join("etc");
    for name in ETC_FILES {
        if let Ok(content) = fs::read(Path::new("/etc").join(name)) {
            fs::write(etc.join(name), content)?;
        }
    }
    fs::write(etc.join("passwd"), PASSWD)?;
    fs::write(etc.join("group"), GROUP)?;
    for name in ETC_FOLDERS {
        let host = Path::new("/etc").join(name);
        if host.is_dir() {
            step(name, attach(root, &host))?;
        }
    }
    Ok(())
}

/// The same path inside; its parents are made anew, so that closed folders of the host above it do not matter.
fn attach(root: &Path, host: &Path) -> io::Result<()> {
    let inside = root.join(host.strip_prefix("/").unwrap_or(host));
    fs::create_dir_all(&inside)?;
    mount::bind(host, &inside, Bind::ReadOnly)
}

/// Adds what belongs to one sandbox.
fn attach_own(root: &Path, order: &Spawn) -> io::Result<()> {
    step(
        "attach the code",
        mount::bind(&order.code, &root.join("var/task"), Bind::ReadOnly),
    )?;
    if !order.libraries.is_empty() || order.shared.is_some() {
        let libraries = root.join("opt/hearth");
        step("mount /opt/hearth", mount::tmpfs(&libraries, 1, 0o755))?;
        for (index, library) in order.libraries.iter().enumerate() {
            let inside = libraries.join(index.to_string());
            fs::create_dir(&inside)?;
            step(
                "attach a library",
                mount::bind(library, &inside, Bind::ReadOnly),
            )?;
        }
        if let Some(shared) = &order.shared {
            let inside = libraries.join("shared");
            fs::create_dir(&inside)?;
            step(
                "attach the shared libraries",
                mount::bind(shared, &inside, Bind::ReadOnly),
            )?;
        }
        step("seal /opt/hearth", mount::seal(&libraries))?;
    }
    step(
        "mount /tmp",
        mount::tmpfs(&root.join("tmp"), order.tmp_mib, 0o1777),
    )?;
    step("mount /proc", mount::proc(&root.join("proc")))
}

/// Everything, in the order in which one step does not take away what the next one needs.
pub(crate) fn confine(
    order: &Spawn,
    root: &Path,
    prefixes: &[PathBuf],
    doors: Vec<OwnedFd>,
) -> io::Result<()> {
    for door in doors {
        step("join the control group", cgroup::join(door))?;
    }
    // Only with privilege; without it both processes are equally likely to be chosen.
    let _ = fs::write("/proc/self/oom_score_adj", INIT_OOM_SCORE);
    match order.confinement {
        Confinement::Privileged => {
            step("enter namespaces", namespace::enter(New::MountIpcUts))?;
            attach_own(root, order)?;
            step("change the root", mount::change_root(root))?;
            step("forget capabilities", credentials::forget_bounding_set())?;
            step(
                "become the sandbox's user",
                credentials::become_sandbox_user(),
            )?;
        }
        Confinement::UserNamespace => {
            step("make mounts private", mount::make_private())?;
            build_root(root, prefixes)?;
            attach_own(root, order)?;
            step("change the root", mount::change_root(root))?;
            step("forget capabilities", credentials::forget_bounding_set())?;
        }
        Confinement::None => {}
    }
    step("limit resources", rlimit::apply())?;
    step("give up capabilities", credentials::give_up_capabilities())?;
    step("follow the parent's end", process::die_with_parent())?;
    let _ = process::lead_session();
    if seccomp::available() || order.confinement == Confinement::Privileged {
        step("forbid system calls", seccomp::forbid())?;
    }
    Ok(())
}

/// Undoes, in the function's own process, what only the init process needs.
pub(crate) fn relax_function_process() -> io::Result<()> {
    process::set_dumpable(true)?;
    let _ = fs::write("/proc/self/oom_score_adj", "0");
    Ok(())
}
