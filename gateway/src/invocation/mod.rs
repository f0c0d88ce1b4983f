//! What happens between API and sandbox: admission, the run, retries, and the report. Knows no HTTP.
//!
//! ```text
//! invoke ──→ admission ─→ run ─→ invoker          enqueue ──→ event_queue (durable) ──→ 202
//!               │          │                                        │ lease
//!               └ throttle └ log_sink + report + metrics + record   └→ admission ─→ run ─→ retry: ack · later · drop
//! ```
//! Decisions are pure (`admission`, `retry`, `ending`, `report`, `account`, `environment`); `run`, `runner` and `event_queue` act on them.
//! Invariant: a [`admission::Permit`] is held exactly as long as an invocation runs, whoever waits for it.

use bytes::Bytes;

use crate::function::Target;

mod account;
pub mod admission;
mod detached;
pub mod ending;
pub mod environment;
mod event;
mod event_queue;
mod log_sink;
pub mod report;
pub mod retry;
mod run;
mod runner;
mod streams;

pub use runner::{Runner, RunnerConfig};

/// One call to run.
#[derive(Clone, Debug)]
pub struct Request {
    /// What to run.
    pub target: Target,
    /// The event, JSON, held against nothing but "is it JSON".
    pub payload: Bytes,
    /// The invocation's id (UUID).
    pub request_id: String,
    /// JSON of the client context, decoded.
    pub client_context: Option<String>,
    /// The caller's `X-Amzn-Trace-Id`.
    pub trace_id: Option<String>,
    /// The tenant.
    pub tenant_id: Option<String>,
}

/// Where a call comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// A caller waits for it.
    Caller,
    /// The event queue.
    Event {
        /// From 1; one that was not run does not count.
        attempt: u32,
    },
}

/// A finished call.
#[derive(Clone, Debug)]
pub struct Response {
    /// The function's answer, or the error document.
    pub payload: Bytes,
    /// `Unhandled` when the function failed.
    pub function_error: Option<&'static str>,
    /// The version that ran.
    pub executed_version: String,
    /// The last 4 KB of its log.
    pub log_tail: Bytes,
}

/// Why a call was not run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// No concurrency left; the reason in AWS's word, such as `ReservedFunctionConcurrentInvocationLimitExceeded`.
    #[error("Rate Exceeded.")]
    Throttled {
        /// AWS's word.
        reason: &'static str,
    },
    /// The invoker's own fault.
    #[error(transparent)]
    Invoker(#[from] invoker::InvokeError),
    /// The store's.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    /// The server is stopping.
    #[error("the server is shutting down")]
    ShuttingDown,
}
