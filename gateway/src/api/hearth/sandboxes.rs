//! `GET /hearth/sandboxes` and `POST /hearth/sandboxes/{id}/retire`: the warm pool as it lives, for those whose functions are in it.

use std::time::Duration;

use invoker::pool::{Activity, Departure, End, SandboxView};
use invoker::python::ZygoteView;
use serde_json::{Value, json};

use super::not_found;
use crate::api::Services;
use crate::auth::Identity;
use crate::clock::millis;
use crate::function::version::of_pool_id;
use crate::metric::catalog::{path_name, reason_name};
use crate::protocol::AwsError;

/// Endings told at most.
const MAX_ENDINGS: usize = 200;

/// The account's sandboxes and those that ended last, the zygotes that it may use, and how full the pool is.
pub(super) async fn list(identity: &Identity, services: &Services) -> Value {
    let account = &identity.account;
    let (living, zygotes) = services.invoker.residents().await;
    let sandboxes: Vec<Value> = living
        .into_iter()
        .filter_map(|sandbox| shown_sandbox(account, sandbox))
        .collect();
    let zygotes: Vec<Value> = zygotes
        .into_iter()
        .filter(|zygote| zygote.owner.as_ref().is_none_or(|owner| owner == account))
        .map(shown_zygote)
        .collect();
    let endings: Vec<Value> = services
        .invoker
        .departures()
        .into_iter()
        .filter_map(|departure| shown_ending(account, departure))
        .take(MAX_ENDINGS)
        .collect();
    let pool = services.invoker.snapshot();
    let limits = &services.host.limits;
    json!({
        "sandboxes": sandboxes,
        "zygotes": zygotes,
        "endings": endings,
        "pool": {
            "busy": pool.busy,
            "idle": pool.idle,
            "memoryMib": pool.memory_mib,
            "memoryBudgetMib": limits.sandbox_memory_mib,
            "keepAliveSeconds": limits.keep_alive_seconds,
        },
    })
}

/// Ends one of the account's sandboxes: now when it idles, else after its call.
pub(super) async fn retire(
    identity: &Identity,
    id: &str,
    services: &Services,
) -> Result<Value, AwsError> {
    let invoker = &services.invoker;
    let is_own = |function: &str| {
        of_pool_id(function).is_some_and(|(key, _)| key.account == identity.account)
    };
    if invoker.function_of(id).is_some_and(|key| is_own(&key)) && invoker.retire_sandbox(id).await {
        return Ok(json!({}));
    }
    Err(not_found(format!("Sandbox not found: {id}")))
}

fn shown_sandbox(account: &str, sandbox: SandboxView) -> Option<Value> {
    let (key, version) = of_pool_id(&sandbox.function)?;
    (key.account == account).then(|| {
        json!({
            "id": sandbox.id,
            "function": key.name,
            "region": key.region,
            "version": version,
            "runtime": format!("python{}", sandbox.runtime),
            "state": activity_word(sandbox.activity),
            "startedAt": millis(sandbox.started),
            "lastUsedAt": millis(sandbox.last_used),
            "uses": sandbox.uses,
            "memorySizeMb": sandbox.memory_mib,
            "memoryBytes": sandbox.memory_bytes,
            "coldStartReason": reason_name(sandbox.reason),
            "startPath": sandbox.path.map(path_name),
            "requestId": sandbox.request_id,
        })
    })
}

fn shown_zygote(zygote: ZygoteView) -> Value {
    json!({
        "runtime": format!("python{}", zygote.runtime),
        "pid": zygote.pid,
        "startedAt": millis(zygote.started),
        "children": zygote.children,
        "blanks": zygote.blanks,
        "memoryBytes": zygote.memory_bytes,
    })
}

fn shown_ending(account: &str, departure: Departure) -> Option<Value> {
    let (key, version) = of_pool_id(&departure.function)?;
    (key.account == account).then(|| {
        json!({
            "at": millis(departure.at),
            "sandbox": departure.sandbox,
            "function": key.name,
            "region": key.region,
            "version": version,
            "reason": end_word(departure.end),
            "uses": departure.uses,
            "ageMs": whole_ms(departure.age),
        })
    })
}

fn whole_ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn activity_word(activity: Activity) -> &'static str {
    match activity {
        Activity::Starting => "starting",
        Activity::Busy => "busy",
        Activity::Idle => "idle",
    }
}

fn end_word(end: End) -> &'static str {
    match end {
        End::Expired => "expired",
        End::Evicted => "evicted",
        End::Changed => "changed",
        End::Retired => "retired",
        End::Crashed => "crashed",
        End::TimedOut => "timed-out",
        End::OutOfMemory => "out-of-memory",
        End::InitFailed => "init-failed",
        End::StartFailed => "start-failed",
        End::Stopped => "shutdown",
    }
}
