//! `hearth doctor`: what this host gives to functions, and how to get what is missing.

use anyhow::Context as _;
use invoker::pool::PoolConfig;
use invoker::python::PythonConfig;
use invoker::{Interpreter, Invoker, InvokerConfig};
use std::time::Duration;

use super::host;
use crate::config::Config;

/// The versions that functions may ask for.
const WANTED_MINORS: std::ops::RangeInclusive<u8> = 9..=14;

/// Prints what was found. Probes in a temporary folder, so it may run beside a server.
pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    let interpreters = invoker::discover(&config.python).await;
    println!("hearth {}", env!("CARGO_PKG_VERSION"));
    println!(
        "kernel {}, {} MiB of memory, {} MiB for sandboxes\n",
        host::kernel(),
        host::memory_mib(),
        config.memory_mib
    );
    print_runtimes(&interpreters);
    let folder = tempfile::tempdir().context("make a folder to probe in")?;
    let invoker = Invoker::new(
        InvokerConfig {
            pool: PoolConfig {
                memory_budget_mib: config.memory_mib,
                keep_alive: Duration::ZERO,
                capacity_wait: Duration::ZERO,
                concurrent_starts: 1,
            },
            python: PythonConfig {
                state_dir: folder.path().to_owned(),
                instance: format!("doctor-{}", std::process::id()),
                libraries: None,
            },
        },
        Vec::new(),
    )
    .context("probe the sandboxes")?;
    println!("\nisolation");
    for restriction in invoker.isolation() {
        line(restriction.in_force, restriction.name, &restriction.detail);
    }
    invoker.drain(Duration::ZERO).await;
    Ok(())
}

fn print_runtimes(interpreters: &[Interpreter]) {
    println!("runtimes");
    for minor in WANTED_MINORS {
        let found = interpreters
            .iter()
            .find(|interpreter| interpreter.version.minor == minor);
        let detail = match found {
            Some(found) => format!("{} at {}", found.full_version, found.executable.display()),
            None => format!(
                "not found: `uv python install 3.{minor}`, `pyenv install 3.{minor}`, the system's package python3.{minor}, or --python EXECUTABLE"
            ),
        };
        line(found.is_some(), &format!("python3.{minor}"), &detail);
    }
}

fn line(is_given: bool, name: &str, detail: &str) {
    let mark = if is_given { "ok" } else { "--" };
    println!("  {mark}  {name:<24} {detail}");
}
