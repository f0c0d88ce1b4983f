//! What this host lets a sandbox be shut in with, told honestly.

use std::path::Path;

use invoker_linux::cgroup::Cgroups;
use invoker_linux::{credentials, landlock, namespace, seccomp};
use invoker_wire::Confinement;

use super::Restriction;

/// What was found.
pub(super) struct Isolation {
    pub(super) confinement: Confinement,
    pub(super) cgroups: Option<Cgroups>,
    pub(super) restrictions: Vec<Restriction>,
}

/// Tries what the host gives. Leftovers of a predecessor named `instance` are cleared on the way.
pub(super) fn probe(instance: &str, mount_point: &Path) -> Isolation {
    let privileged = credentials::may_administer();
    let namespaces = namespace::probe(!privileged, mount_point);
    let confinement = match (&namespaces, privileged) {
        (Ok(()), true) => Confinement::Privileged,
        (Ok(()), false) => Confinement::UserNamespace,
        (Err(_), _) => Confinement::None,
    };
    let cgroups = Cgroups::establish(&format!("hearth-{instance}"));
    let shut_in = namespaces.is_ok();
    let how = match (&namespaces, privileged) {
        (Ok(()), true) => "made with the server's privilege".to_owned(),
        (Ok(()), false) => "within a user namespace".to_owned(),
        (Err(error), _) => {
            format!("the host refuses ({error}); run as root or allow unprivileged user namespaces")
        }
    };
    let limits = match &cgroups {
        Ok(cgroups) => cgroups.version().to_owned(),
        Err(error) => format!("no control group ({error}); run as root or delegate one"),
    };
    let restriction = |name, in_force, detail: &str| Restriction {
        name,
        in_force,
        detail: detail.to_owned(),
    };
    let user = if privileged && shut_in {
        "user 993, no capabilities"
    } else if shut_in {
        "the server's user, no capabilities"
    } else {
        &how
    };
    let restrictions = vec![
        restriction("pid namespace", shut_in, &how),
        restriction("mount namespace", shut_in, &how),
        restriction("ipc and uts namespaces", shut_in, &how),
        restriction("unprivileged user", shut_in, user),
        restriction("no new privileges", true, "prctl"),
        restriction(
            "system call filter",
            seccomp::available(),
            "seccomp, a list of the forbidden",
        ),
        restriction("memory limit", cgroups.is_ok(), &limits),
        restriction("process limit", cgroups.is_ok(), &limits),
        restriction(
            "/tmp limit",
            shut_in,
            if shut_in {
                "tmpfs; its pages count as the function's memory"
            } else {
                &how
            },
        ),
        restriction("landlock", false, &landlock()),
        restriction(
            "network namespace",
            false,
            "functions share the host's network",
        ),
    ];
    Isolation {
        confinement,
        cgroups: cgroups.ok(),
        restrictions,
    }
}

/// Files are confined by the mount namespace alone so far; whether the kernel could do more is told all the same.
fn landlock() -> String {
    match landlock::abi_version() {
        Some(version) => format!(
            "the kernel has version {version}; not used yet, a mount namespace confines files"
        ),
        None => "the kernel has none; not used yet, a mount namespace confines files".to_owned(),
    }
}
