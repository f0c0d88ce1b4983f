//! One run of an invocation, as it is stored: a line of JSON with its figures, and apart from it the texts that were kept.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How the caller asked for an invocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InvocationType {
    /// It waited for the answer.
    RequestResponse,
    /// It left an event behind.
    Event,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The handler returned.
    Succeeded,
    /// The handler raised, or returned no JSON.
    Failed,
    /// The module could not be imported.
    InitFailed,
    /// It ran longer than it may.
    TimedOut,
    /// Its process ended before it answered.
    Exited,
    /// It took more memory than it may.
    OutOfMemory,
    /// Its answer is larger than it may be.
    ResponseTooLarge,
    /// It was not run: no room, or a fault of ours.
    NotRun,
}

/// A part of a run's time that was measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phase {
    /// `queue`, `start`, `init` or `invoke`.
    pub name: String,
    /// Since the run's beginning, microseconds.
    pub start_us: u64,
    /// Microseconds.
    pub duration_us: u64,
}

/// What a run failed of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Such as `ValueError` or `Sandbox.Timedout`.
    pub error_type: String,
    /// For people.
    pub message: String,
    /// The handler's stack, outermost first; empty when the platform ended the run.
    pub stack_trace: Vec<String>,
}

/// One run of an invocation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The invocation's id, the same for all its runs.
    pub request_id: Uuid,
    /// `$LATEST` or a number.
    pub version: String,
    /// The alias or version that the caller named.
    pub qualifier: Option<String>,
    /// How it was asked for.
    pub invocation_type: InvocationType,
    /// From 1; a run takes the place of an earlier one with the same number.
    pub attempt: u32,
    /// Milliseconds since the epoch.
    pub started_ms: i64,
    /// Milliseconds since the epoch.
    pub ended_ms: i64,
    /// How it ended.
    pub status: Status,
    /// The sandbox that served it (a UUID), where one did.
    pub sandbox: Option<String>,
    /// Why no warm sandbox served it, when it started its own.
    pub cold_start_reason: Option<String>,
    /// How that sandbox came to be.
    #[serde(default)]
    pub start_path: Option<String>,
    /// In the order in which they passed.
    pub phases: Vec<Phase>,
    /// The handler's time, microseconds.
    pub duration_us: u64,
    /// What it is billed for, milliseconds.
    pub billed_ms: u64,
    /// MiB.
    pub memory_mib: u32,
    /// The sandbox's high-water mark, MiB.
    pub max_memory_mib: u64,
    /// Where its log is.
    pub log_group: String,
    /// See `log_group`; none when no sandbox served it.
    pub log_stream: Option<String>,
    /// What it failed of.
    pub failure: Option<Failure>,
    /// Size of the event.
    pub event_bytes: u64,
    /// Size of what the handler returned.
    pub response_bytes: u64,
    /// Size of the texts that are stored beside this.
    pub kept_bytes: u64,
}

/// What of a stored run the index needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Glance {
    pub(super) request_id: Uuid,
    pub(super) attempt: u32,
    pub(super) status: Status,
    pub(super) billed_ms: u64,
    pub(super) memory_mib: u32,
    pub(super) kept_bytes: u64,
}

/// The texts of a run that were kept, redacted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) request_id: Uuid,
    pub(super) attempt: u32,
    pub(super) event: Option<String>,
    pub(super) response: Option<String>,
}

impl Run {
    /// How long initialisation took, when the run started its sandbox; microseconds.
    pub fn init_us(&self) -> Option<u64> {
        let init = self.phases.iter().find(|phase| phase.name == "init");
        init.map(|phase| phase.duration_us)
    }

    /// What it costs: billed milliseconds times MiB.
    pub fn cost(&self) -> u64 {
        self.billed_ms.saturating_mul(self.memory_mib.into())
    }
}

impl From<&Run> for Glance {
    fn from(run: &Run) -> Self {
        Self {
            request_id: run.request_id,
            attempt: run.attempt,
            status: run.status,
            billed_ms: run.billed_ms,
            memory_mib: run.memory_mib,
            kept_bytes: run.kept_bytes,
        }
    }
}

/// The bytes of a record.
pub(super) fn encode(record: &impl Serialize) -> Bytes {
    Bytes::from(serde_json::to_vec(record).expect("records serialise: string keys, finite numbers"))
}

/// The record; `None`, and a line in the log, when it cannot be read.
pub(super) fn decode<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    serde_json::from_slice(body)
        .inspect_err(|error| {
            tracing::error!(%error, "an invocation record cannot be read and is left out");
        })
        .ok()
}
