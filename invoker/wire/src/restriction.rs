//! The restrictions that a sandbox is made of, by name: the one list that the host, the worker and people share.
//!
//! A server may leave some [`Without`] its sandboxes: to prove that each one holds, and for people who look for what blocks them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One thing that a function cannot do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RestrictionName {
    /// It sees a root file system of its own instead of the host's.
    MountNamespace,
    /// It sees its own processes only.
    PidNamespace,
    /// It shares no System V IPC and no POSIX message queue.
    IpcNamespace,
    /// Its host name is its own.
    UtsNamespace,
    /// It has a network of its own.
    NetworkNamespace,
    /// It is not root.
    User,
    /// It has no capabilities.
    Capabilities,
    /// It gains no privilege by running a program.
    NoNewPrivileges,
    /// Rarely used system calls are forbidden.
    SystemCallFilter,
    /// It writes only where Landlock lets it, and reaches no abstract socket of others.
    Landlock,
    /// Everything but `/tmp` is read-only.
    ReadOnlyRoot,
    /// Its memory is bounded.
    MemoryLimit,
    /// Its processes are counted and bounded.
    ProcessLimit,
    /// It gets a share of the processors by its memory size.
    CpuShare,
    /// Its open files are bounded.
    OpenFilesLimit,
    /// A file of it cannot grow without end, wherever it lies.
    FileSizeLimit,
    /// It leaves no core dumps.
    CoreLimit,
    /// Its `/tmp` is bounded.
    TmpLimit,
    /// Nothing of it runs between calls.
    Freezer,
    /// It inherits no descriptor but its own.
    ClosedDescriptors,
    /// It finds no devices but null, zero, full, random and urandom.
    Devices,
    /// The output of one call is bounded.
    OutputLimit,
}

impl RestrictionName {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 22] = [
        Self::MountNamespace,
        Self::PidNamespace,
        Self::IpcNamespace,
        Self::UtsNamespace,
        Self::NetworkNamespace,
        Self::User,
        Self::Capabilities,
        Self::NoNewPrivileges,
        Self::SystemCallFilter,
        Self::Landlock,
        Self::ReadOnlyRoot,
        Self::MemoryLimit,
        Self::ProcessLimit,
        Self::CpuShare,
        Self::OpenFilesLimit,
        Self::FileSizeLimit,
        Self::CoreLimit,
        Self::TmpLimit,
        Self::Freezer,
        Self::ClosedDescriptors,
        Self::Devices,
        Self::OutputLimit,
    ];

    /// The name that people write, such as `pid-namespace`.
    pub fn name(self) -> &'static str {
        match self {
            Self::MountNamespace => "mount-namespace",
            Self::PidNamespace => "pid-namespace",
            Self::IpcNamespace => "ipc-namespace",
            Self::UtsNamespace => "uts-namespace",
            Self::NetworkNamespace => "network-namespace",
            Self::User => "user",
            Self::Capabilities => "capabilities",
            Self::NoNewPrivileges => "no-new-privileges",
            Self::SystemCallFilter => "system-call-filter",
            Self::Landlock => "landlock",
            Self::ReadOnlyRoot => "read-only-root",
            Self::MemoryLimit => "memory-limit",
            Self::ProcessLimit => "process-limit",
            Self::CpuShare => "cpu-share",
            Self::OpenFilesLimit => "open-files-limit",
            Self::FileSizeLimit => "file-size-limit",
            Self::CoreLimit => "core-limit",
            Self::TmpLimit => "tmp-limit",
            Self::Freezer => "freezer",
            Self::ClosedDescriptors => "closed-descriptors",
            Self::Devices => "devices",
            Self::OutputLimit => "output-limit",
        }
    }
}

impl fmt::Display for RestrictionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for RestrictionName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names = || Self::ALL.map(Self::name).join(", ");
        Self::ALL
            .into_iter()
            .find(|one| one.name() == text)
            .ok_or_else(|| format!("no restriction is called {text:?}; there are: {}", names()))
    }
}

/// The restrictions that are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Without(pub Vec<RestrictionName>);

impl Without {
    /// Whether this one is in force.
    pub fn keeps(&self, name: RestrictionName) -> bool {
        !self.0.contains(&name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_restriction_is_read_back_by_its_name() {
        for name in RestrictionName::ALL {
            assert_eq!(name.to_string().parse(), Ok(name));
            assert_eq!(
                serde_json::to_string(&name).expect("plain"),
                format!("\"{name}\"")
            );
        }
        let refusal = "ptrace"
            .parse::<RestrictionName>()
            .expect_err("no such name");
        assert!(refusal.contains("pid-namespace"), "{refusal}");
    }

    #[test]
    fn what_is_left_out_is_not_kept() {
        let without = Without(vec![RestrictionName::User]);
        assert!(!without.keeps(RestrictionName::User));
        assert!(without.keeps(RestrictionName::Landlock));
    }
}
