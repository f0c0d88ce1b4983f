//! The root file system that all sandboxes of an interpreter share: built once by the zygote, or by each sandbox in its own user
//! namespace. Nothing in it belongs to a function; what does is attached at the empty places that it has for it.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use invoker_linux::mount::{self, Attributes};
use invoker_wire::{RestrictionName, Setup, Without};

use crate::step;

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
/// How many libraries can be attached, at `opt/hearth/0` and on.
const LIBRARY_PLACES: usize = 8;

/// What a device node needs.
const DEVICE: Attributes = Attributes {
    read_only: false,
    no_devices: false,
    no_set_user_id: true,
};

/// What is read-only, unless that is left out.
pub(crate) fn attributes(without: &Without) -> Attributes {
    Attributes {
        read_only: without.keeps(RestrictionName::ReadOnlyRoot),
        ..Attributes::READ_ONLY
    }
}

/// Builds it at `root`.
pub(crate) fn build(root: &Path, prefixes: &[PathBuf], setup: &Setup) -> io::Result<()> {
    if setup.without.keeps(RestrictionName::MountNamespace) {
        build_own(root, prefixes, setup)
    } else {
        build_hosts(root)
    }
}

fn build_own(root: &Path, prefixes: &[PathBuf], setup: &Setup) -> io::Result<()> {
    let without = &setup.without;
    step("mount the root", mount::tmpfs(root, ROOT_MIB, 0o755))?;
    for folder in ["proc", "tmp", "dev", "etc", "usr"] {
        fs::create_dir(root.join(folder))?;
    }
    make_places(root)?;
    let attributes = attributes(without);
    step("attach /usr", attach(root, Path::new("/usr"), attributes))?;
    for name in SYSTEM_FOLDERS {
        let host = Path::new("/").join(name);
        if let Ok(target) = fs::read_link(&host) {
            symlink(target, root.join(name))?;
        } else if host.is_dir() {
            step(name, attach(root, &host, attributes))?;
        }
    }
    for prefix in prefixes
        .iter()
        .filter(|path| !path.starts_with("/usr") && path.parent().is_some())
    {
        step("attach the interpreter", attach(root, prefix, attributes))?;
    }
    build_etc(root, attributes)?;
    if let Some(text) = &setup.resolv_conf {
        fs::write(root.join("etc/resolv.conf"), text)?;
    }
    if without.keeps(RestrictionName::Devices) {
        build_dev(&root.join("dev"))?;
    } else {
        step("attach /dev", attach(root, Path::new("/dev"), DEVICE))?;
    }
    if without.keeps(RestrictionName::ReadOnlyRoot) {
        step("seal the root", mount::seal(root))?;
    }
    Ok(())
}

/// The host's own, with places for a function's folders laid over three of its folders.
fn build_hosts(root: &Path) -> io::Result<()> {
    let everything = Attributes {
        no_set_user_id: false,
        ..DEVICE
    };
    step("attach /", mount::bind(Path::new("/"), root, everything))?;
    for folder in ["var", "opt"] {
        step(folder, mount::tmpfs(&root.join(folder), ROOT_MIB, 0o755))?;
    }
    make_places(root)
}

/// Where a function's folders are attached.
fn make_places(root: &Path) -> io::Result<()> {
    fs::create_dir_all(root.join("var/task"))?;
    let libraries = root.join("opt/hearth");
    fs::create_dir_all(libraries.join("shared"))?;
    (0..LIBRARY_PLACES).try_for_each(|place| fs::create_dir(libraries.join(place.to_string())))
}

fn build_etc(root: &Path, attributes: Attributes) -> io::Result<()> {
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
            step(name, attach(root, &host, attributes))?;
        }
    }
    Ok(())
}

fn build_dev(dev: &Path) -> io::Result<()> {
    for name in DEVICES {
        let target = dev.join(name);
        fs::write(&target, "")?;
        step(
            name,
            mount::bind(&Path::new("/dev").join(name), &target, DEVICE),
        )?;
    }
    for (name, target) in [
        ("fd", ""),
        ("stdin", "/0"),
        ("stdout", "/1"),
        ("stderr", "/2"),
    ] {
        symlink(format!("/proc/self/fd{target}"), dev.join(name))?;
    }
    Ok(())
}

/// The same path inside; its parents are made anew, so that closed folders of the host above it do not matter.
fn attach(root: &Path, host: &Path, attributes: Attributes) -> io::Result<()> {
    let inside = root.join(host.strip_prefix("/").unwrap_or(host));
    fs::create_dir_all(&inside)?;
    mount::bind(host, &inside, attributes)
}
