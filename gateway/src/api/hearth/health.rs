//! `GET /hearth/health`: what this host runs, how it is confined, and what is warm.

use serde_json::{Value, json};

use crate::api::Services;

/// The server's health.
pub(super) fn health(services: &Services) -> Value {
    let runtimes: Vec<Value> = services
        .invoker
        .interpreters()
        .iter()
        .map(|interpreter| {
            json!({
                "name": format!("python{}", interpreter.version),
                "version": interpreter.full_version,
                "executable": interpreter.executable.display().to_string(),
            })
        })
        .collect();
    let pool = services.invoker.snapshot();
    json!({
        "status": "ok",
        "version": env!("CARGO_PKG_VERSION"),
        "runtimes": runtimes,
        "isolation": services.invoker.isolation(),
        "pool": { "busy": pool.busy, "idle": pool.idle, "memoryMiB": pool.memory_mib },
    })
}
