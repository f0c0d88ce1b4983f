//! What this host lets a sandbox be shut in with, told honestly.

use std::path::Path;

use invoker_linux::cgroup::Cgroups;
use invoker_linux::{credentials, landlock, namespace, seccomp};
use invoker_wire::{Confinement, RestrictionName, Without};

use super::Restriction;
use crate::network::Missing;

/// What control groups are for.
const GROUPED: [RestrictionName; 4] = [
    RestrictionName::MemoryLimit,
    RestrictionName::ProcessLimit,
    RestrictionName::CpuShare,
    RestrictionName::Freezer,
];

/// What was found.
pub(super) struct Isolation {
    pub(super) confinement: Confinement,
    pub(super) cgroups: Option<Cgroups>,
    pub(super) restrictions: Vec<Restriction>,
}

/// Tries what the host gives. Leftovers of a predecessor named `instance` are cleared on the way.
pub(super) fn probe(
    instance: &str,
    mount_point: &Path,
    without: &Without,
    no_network: Option<&Missing>,
) -> Isolation {
    let privileged = credentials::may_administer();
    let namespaces = namespace::probe(!privileged, mount_point);
    let confinement = match (&namespaces, privileged) {
        (Ok(()), true) => Confinement::Privileged,
        (Ok(()), false) => Confinement::UserNamespace,
        (Err(_), _) => Confinement::None,
    };
    let cgroups = match GROUPED.iter().any(|name| without.keeps(*name)) {
        true => Cgroups::establish(&format!("hearth-{instance}")),
        false => Err(std::io::Error::other("nothing for it to limit")),
    };
    let how = match (&namespaces, privileged) {
        (Ok(()), true) => "made with the server's privilege".to_owned(),
        (Ok(()), false) => "within a user namespace".to_owned(),
        (Err(error), _) => {
            format!("the host refuses ({error}); run as root or allow unprivileged user namespaces")
        }
    };
    let host = Found {
        confinement,
        how,
        cgroups: cgroups.as_ref().map_err(ToString::to_string),
        no_network,
    };
    let restrictions = RestrictionName::ALL
        .into_iter()
        .map(|name| restriction(name, &host, without))
        .collect();
    Isolation {
        confinement,
        cgroups: cgroups.ok(),
        restrictions,
    }
}

/// What the host gives, told in words.
struct Found<'a> {
    confinement: Confinement,
    how: String,
    cgroups: Result<&'a Cgroups, String>,
    no_network: Option<&'a Missing>,
}

fn restriction(name: RestrictionName, host: &Found<'_>, without: &Without) -> Restriction {
    let (given, detail) = host.gives(name);
    let (in_force, detail) = match without.keeps(name) {
        true => (given, detail),
        false => (false, "left out by --without".to_owned()),
    };
    Restriction {
        name: name.name(),
        in_force,
        detail,
    }
}

impl Found<'_> {
    /// Whether the host gives it, and how, or how to get it.
    fn gives(&self, name: RestrictionName) -> (bool, String) {
        use RestrictionName as Name;
        let shut_in = self.confinement != Confinement::None;
        let namespaced = |detail: &str| match shut_in {
            true => (true, detail.to_owned()),
            false => (false, self.how.clone()),
        };
        match name {
            Name::MountNamespace
            | Name::PidNamespace
            | Name::IpcNamespace
            | Name::UtsNamespace
            | Name::Capabilities
            | Name::ReadOnlyRoot => (shut_in, self.how.clone()),
            Name::NetworkNamespace => match self.no_network {
                None => (
                    true,
                    "behind a router with NAT, unless a function asks for none or the host's"
                        .to_owned(),
                ),
                Some(missing) => (
                    false,
                    format!("functions share the host's network: {}", missing.reason),
                ),
            },
            Name::User => match self.confinement {
                Confinement::Privileged => (true, "user 993".to_owned()),
                Confinement::UserNamespace => (true, "the server's user".to_owned()),
                Confinement::None => (false, self.how.clone()),
            },
            Name::NoNewPrivileges => (true, "prctl".to_owned()),
            Name::SystemCallFilter => match seccomp::available() {
                true => (true, "seccomp, a list of the forbidden".to_owned()),
                false => (false, "the kernel has no seccomp filters".to_owned()),
            },
            Name::Landlock => landlock(shut_in),
            Name::MemoryLimit | Name::ProcessLimit => self.grouped(|_| true, ""),
            Name::CpuShare => self.grouped(
                Cgroups::weighs_processors,
                "a share where others want the processors too; 1,769 MB are a whole one",
            ),
            Name::Freezer => self.grouped(Cgroups::freezes, "100 ms after a call"),
            Name::OpenFilesLimit => (true, "1,024 for each process".to_owned()),
            Name::FileSizeLimit => (true, "twice the size of /tmp".to_owned()),
            Name::CoreLimit => (true, "no core dumps".to_owned()),
            Name::TmpLimit => namespaced("tmpfs; its pages count as the function's memory"),
            Name::ClosedDescriptors => (true, "close_range".to_owned()),
            Name::Devices => namespaced("null, zero, full, random, urandom"),
            Name::OutputLimit => (true, "10 MiB for each call".to_owned()),
        }
    }

    /// What control groups give, as far as these can.
    fn grouped(&self, can: impl Fn(&Cgroups) -> bool, detail: &str) -> (bool, String) {
        match &self.cgroups {
            Ok(cgroups) if can(cgroups) => {
                let parts = [cgroups.version(), detail];
                let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
                (true, said.join(": "))
            }
            Ok(cgroups) => {
                let version = cgroups.version();
                (false, format!("{version} without this controller"))
            }
            Err(error) => {
                let missing = format!("no control group ({error}); run as root or delegate one");
                (false, missing)
            }
        }
    }
}

/// Beside the mount namespace, which confines files first.
fn landlock(shut_in: bool) -> (bool, String) {
    match landlock::abi_version() {
        Some(version) if shut_in => (true, format!("version {version}")),
        Some(_) => (false, "only beside a mount namespace".to_owned()),
        None => (
            false,
            "the kernel has none, or it is switched off (lsm=landlock)".to_owned(),
        ),
    }
}
