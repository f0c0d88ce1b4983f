//! What a sandbox is made for. Two invocations may share a sandbox exactly when their specs are equal.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use crate::NetworkMode;

/// Everything that a sandbox is built from; equality means "may share a sandbox".
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SandboxSpec {
    /// The trust domain. Sandboxes of different owners never share a zygote.
    pub owner: String,
    /// One deployed function version, opaque to the invoker, stable across code changes: the pool counts and retires by it.
    pub function: String,
    /// Changes whenever code or configuration change, so that no old sandbox serves a new version.
    pub revision: String,
    /// The interpreter to run on.
    pub runtime: PythonVersion,
    /// `module.function`, or `package/module.function`.
    pub handler: String,
    /// The unpacked package, attached read-only at `/var/task`.
    pub code: PathBuf,
    /// Folders put on `sys.path` after the package and attached read-only at `/opt/hearth/N` (resolved requirements).
    pub libraries: Vec<PathBuf>,
    /// Memory limit, MiB.
    pub memory_mib: u32,
    /// Size limit of `/tmp`, MiB.
    pub tmp_mib: u32,
    /// The whole environment of the function's process; nothing is added to it.
    pub environment: BTreeMap<String, String>,
    /// Further variables, whose `{sandbox}` (the sandbox's id without dashes) and `{date}` (UTC `YYYY/MM/DD` of its start) are
    /// filled in when a sandbox starts: equal specs stay equal from day to day.
    pub templated: BTreeMap<String, String>,
    /// How long initialisation may take before it is abandoned and repeated within the first invocation.
    pub init_timeout: Duration,
    /// What it reaches.
    pub network: NetworkMode,
    /// Whether the function's `logging` records are JSON objects rather than tab-separated text.
    pub json_logs: bool,
}

/// A `MAJOR.MINOR` version of CPython.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PythonVersion {
    /// Major version, 3 today.
    pub major: u8,
    /// Minor version.
    pub minor: u8,
}

impl fmt::Display for PythonVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl FromStr for PythonVersion {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (major, minor) = text.split_once('.').ok_or(())?;
        Ok(Self {
            major: major.parse().map_err(|_| ())?,
            minor: minor.parse().map_err(|_| ())?,
        })
    }
}

/// A CPython found on the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interpreter {
    /// Its `MAJOR.MINOR`.
    pub version: PythonVersion,
    /// Its full version, such as `3.11.7`.
    pub full_version: String,
    /// The executable, symbolic links resolved.
    pub executable: PathBuf,
}
