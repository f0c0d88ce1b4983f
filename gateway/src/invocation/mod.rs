//! What happens between API and sandbox: admission, the run, retries, and the report. Knows no HTTP.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use crate::function::Target;

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

/// Runs invocations, synchronous and asynchronous.
pub struct Runner;

impl Runner {
    /// Runs a call to its end, in a task of its own: a caller that goes away does not cancel it.
    ///
    /// # Errors
    /// Throttled, or our own fault.
    pub async fn invoke(self: &Arc<Self>, _request: Request) -> Result<Response, RunError> {
        todo!("invocation")
    }

    /// Accepts a call to be run later; durable when it returns.
    ///
    /// # Errors
    /// The store's fault.
    pub async fn enqueue(self: &Arc<Self>, _request: Request) -> Result<(), RunError> {
        todo!("invocation")
    }

    /// Takes no new work, waits at most `grace` for what runs.
    pub async fn drain(&self, _grace: Duration) {
        todo!("invocation")
    }
}
