//! What this host gives to functions, and the limits in force: collected once, here, for `hearth doctor` to print and for
//! `GET /hearth/host` to answer, so that the two cannot differ.

use std::fs;
use std::path::Path;
use std::time::Duration;

use invoker::pool::PoolConfig;
use invoker::{Interpreter, Invoker, PYTHON_MINORS};
use serde::Serialize;

use crate::config::Config;

/// How long a call waits for memory before it is throttled.
const CAPACITY_WAIT: Duration = Duration::from_secs(10);
/// Sandboxes started at the same time, for each core.
const STARTS_PER_CORE: usize = 4;

/// What this host gives to functions, as far as it stays the same while hearth runs.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Host {
    /// hearth's own version.
    pub version: &'static str,
    /// The kernel's release, such as `6.18.5`.
    pub kernel: String,
    /// The processor's, such as `x86_64`.
    pub architecture: &'static str,
    /// Memory, MiB, within the limits that hearth's own control group sets.
    pub memory_mib: u64,
    /// Processors that hearth may use.
    pub cpus: usize,
    /// Where everything is that hearth keeps.
    pub data_folder: String,
    /// What functions may ask for, found or missing, the oldest first.
    pub runtimes: Vec<Runtime>,
    /// How functions are confined.
    pub isolation: Vec<Restriction>,
    /// Limits in force.
    pub limits: Limits,
}

/// A runtime that functions may ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Runtime {
    /// Such as `python3.12`.
    pub name: String,
    /// Whether the host has it.
    pub found: bool,
    /// Such as `3.12.7`.
    pub version: Option<String>,
    /// The interpreter.
    pub executable: Option<String>,
    /// How to get one that is missing.
    pub how_to_add: Option<String>,
}

/// A restriction on functions, see [`invoker::python::Restriction`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Restriction {
    /// Short name.
    pub name: &'static str,
    /// Whether sandboxes have it.
    pub in_force: bool,
    /// How it is done, or what is missing and how to get it.
    pub detail: String,
}

/// Limits in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// The sum of the memory limits of all sandboxes, MiB.
    pub sandbox_memory_mib: u64,
    /// How long an idle sandbox stays, seconds.
    pub keep_alive_seconds: u64,
    /// How long a call waits for memory, seconds.
    pub capacity_wait_seconds: u64,
    /// Sandboxes started at the same time.
    pub concurrent_starts: usize,
    /// Calls of an account in a region at the same time.
    pub account_concurrency: u32,
    /// How long a failed asynchronous event waits for its first retry, milliseconds.
    pub async_retry_delay_ms: u64,
    /// How long a stop waits for running calls, seconds.
    pub drain_seconds: u64,
}

impl Host {
    /// The facts of a host as `invoker` found it.
    pub fn of(config: &Config, interpreters: &[Interpreter], invoker: &Invoker) -> Self {
        let restriction = |found: &invoker::python::Restriction| Restriction {
            name: found.name,
            in_force: found.in_force,
            detail: found.detail.clone(),
        };
        Self {
            version: env!("CARGO_PKG_VERSION"),
            kernel: kernel(),
            architecture: std::env::consts::ARCH,
            memory_mib: memory_mib(),
            cpus: cpus(),
            data_folder: shown(&std::path::absolute(&config.data).unwrap_or_default()),
            runtimes: runtimes(interpreters),
            isolation: invoker.isolation().iter().map(restriction).collect(),
            limits: Limits::of(config),
        }
    }
}

impl Limits {
    fn of(config: &Config) -> Self {
        let pool = pool_config(config);
        Self {
            sandbox_memory_mib: pool.memory_budget_mib,
            keep_alive_seconds: pool.keep_alive.as_secs(),
            capacity_wait_seconds: pool.capacity_wait.as_secs(),
            concurrent_starts: pool.concurrent_starts,
            account_concurrency: config.account_concurrency,
            async_retry_delay_ms: u64::try_from(config.async_retry_delay.as_millis())
                .unwrap_or(u64::MAX),
            drain_seconds: config.drain.as_secs(),
        }
    }
}

/// The warm pool's limits.
pub fn pool_config(config: &Config) -> PoolConfig {
    PoolConfig {
        memory_budget_mib: config.memory_mib,
        keep_alive: config.keep_alive,
        capacity_wait: CAPACITY_WAIT,
        concurrent_starts: cpus() * STARTS_PER_CORE,
    }
}

fn runtimes(interpreters: &[Interpreter]) -> Vec<Runtime> {
    let runtime = |minor: u8| {
        let found = interpreters
            .iter()
            .find(|interpreter| interpreter.version.minor == minor);
        let how_to_add = format!(
            "`uv python install 3.{minor}`, `pyenv install 3.{minor}`, the system's package python3.{minor}, or --python EXECUTABLE"
        );
        Runtime {
            name: format!("python3.{minor}"),
            found: found.is_some(),
            version: found.map(|found| found.full_version.clone()),
            executable: found.map(|found| shown(&found.executable)),
            how_to_add: found.is_none().then_some(how_to_add),
        }
    };
    PYTHON_MINORS.map(runtime).collect()
}

/// Room on the file system that a folder is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Storage {
    /// All of it, bytes.
    pub total_bytes: u64,
    /// What is left for hearth, bytes.
    pub free_bytes: u64,
}

/// The room for `folder`, which need not be there yet; none where the system does not tell.
pub fn storage(folder: &str) -> Option<Storage> {
    let there = Path::new(folder)
        .ancestors()
        .find(|folder| folder.is_dir())?;
    let found = rustix::fs::statvfs(there).ok()?;
    Some(Storage {
        total_bytes: found.f_blocks.saturating_mul(found.f_frsize),
        free_bytes: found.f_bavail.saturating_mul(found.f_frsize),
    })
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn cpus() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Memory of the host, MiB, within the limits that its cgroup sets; 1024 where it cannot be read.
pub fn memory_mib() -> u64 {
    let total = fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| total_mib(&text));
    let limits = [
        "/sys/fs/cgroup/memory.max",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
    ];
    let limits = limits
        .iter()
        .filter_map(|path| fs::read_to_string(path).ok()?.trim().parse::<u64>().ok())
        .map(|bytes| bytes >> 20);
    total.into_iter().chain(limits).min().unwrap_or(1024)
}

fn total_mib(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib >> 10)
}

fn kernel() -> String {
    fs::read_to_string("/proc/sys/kernel/osrelease")
        .map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hosts_memory_is_read() {
        assert_eq!(
            total_mib("MemTotal:       2048000 kB\nMemFree: 1 kB\n"),
            Some(2_000)
        );
        assert!(memory_mib() >= 128);
    }

    #[test]
    fn a_runtime_is_found_or_told_how_to_add() {
        let found = Interpreter {
            version: invoker::PythonVersion {
                major: 3,
                minor: 12,
            },
            full_version: "3.12.7".into(),
            executable: "/usr/bin/python3.12".into(),
        };
        let runtimes = runtimes(&[found]);
        assert_eq!(runtimes.len(), PYTHON_MINORS.count());
        assert!(runtimes.iter().all(|runtime| {
            runtime.found == (runtime.name == "python3.12")
                && runtime.found != runtime.how_to_add.is_some()
                && runtime.found == runtime.version.is_some()
        }));
    }

    #[test]
    fn room_is_told_also_for_a_folder_that_is_not_there_yet() {
        let folder = tempfile::tempdir().unwrap();
        let storage = storage(&shown(&folder.path().join("not/yet"))).unwrap();
        assert!(storage.total_bytes >= storage.free_bytes && storage.total_bytes > 0);
    }
}
