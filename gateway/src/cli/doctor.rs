//! `hearth doctor`: what this host gives to functions, and how to get what is missing.

use anyhow::Context as _;
use invoker::pool::PoolConfig;
use invoker::python::PythonConfig;
use invoker::{Invoker, InvokerConfig, Networks};
use std::sync::Arc;
use std::time::Duration;

use crate::config::Config;
use crate::host::{self, Host, Limits, Runtime};

/// Prints what was found. Probes in a temporary folder, so it may run beside a server.
pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    let interpreters = invoker::discover(&config.python).await;
    let folder = tempfile::tempdir().context("make a folder to probe in")?;
    let invoker = Invoker::new(
        InvokerConfig {
            pool: PoolConfig {
                keep_alive: Duration::ZERO,
                ..host::pool_config(&config)
            },
            python: PythonConfig {
                state_dir: folder.path().to_owned(),
                instance: format!("doctor-{}", std::process::id()),
                libraries: None,
                networks: Arc::new(Networks::probe().await),
                without: config.without.clone(),
                blanks_mib: 0,
                images_mib: 0,
            },
        },
        Vec::new(),
    )
    .context("probe the sandboxes")?;
    print(&Host::of(&config, &interpreters, &invoker));
    invoker.drain(Duration::ZERO).await;
    Ok(())
}

fn print(host: &Host) {
    println!("hearth {}", host.version);
    println!(
        "kernel {} on {}, {} processors, {} MiB of memory",
        host.kernel, host.architecture, host.cpus, host.memory_mib
    );
    let room = match host::storage(&host.data_folder) {
        Some(storage) => format!(", {} MiB free", storage.free_bytes >> 20),
        None => String::new(),
    };
    println!("data in {}{room}", host.data_folder);
    println!("\nruntimes");
    for runtime in &host.runtimes {
        line(runtime.found, &runtime.name, &detail(runtime));
    }
    println!("\nisolation");
    for restriction in &host.isolation {
        line(restriction.in_force, restriction.name, &restriction.detail);
    }
    println!("\nlimits");
    for (name, value) in limits(&host.limits) {
        println!("      {name:<24} {value}");
    }
}

fn detail(runtime: &Runtime) -> String {
    match (&runtime.version, &runtime.executable, &runtime.how_to_add) {
        (Some(version), Some(executable), _) => format!("{version} at {executable}"),
        (.., how_to_add) => {
            let how_to_add = how_to_add.as_deref().unwrap_or_default();
            format!("not found: {how_to_add}")
        }
    }
}

fn limits(limits: &Limits) -> [(&'static str, String); 7] {
    [
        (
            "sandboxes' memory",
            format!("{} MiB", limits.sandbox_memory_mib),
        ),
        ("keep-alive", format!("{} s", limits.keep_alive_seconds)),
        (
            "wait for memory",
            format!("{} s", limits.capacity_wait_seconds),
        ),
        ("starts at once", limits.concurrent_starts.to_string()),
        (
            "account concurrency",
            limits.account_concurrency.to_string(),
        ),
        (
            "first retry after",
            format!("{} ms", limits.async_retry_delay_ms),
        ),
        ("drain", format!("{} s", limits.drain_seconds)),
    ]
}

fn line(is_given: bool, name: &str, detail: &str) {
    let mark = if is_given { "ok" } else { "--" };
    println!("  {mark}  {name:<24} {detail}");
}
