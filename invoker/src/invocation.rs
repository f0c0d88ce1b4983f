//! One call of a function: what goes in, and where its output goes.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;

/// One call of a function.
#[derive(Clone)]
pub struct Invocation {
    /// The event, JSON, passed through unparsed.
    pub payload: Bytes,
    /// How long the handler may run; the invoker kills the sandbox when it is over.
    pub timeout: Duration,
    /// What the handler's context object and environment tell.
    pub context: InvocationContext,
    /// Receives the function's output while it runs.
    pub output: Arc<dyn OutputSink>,
}

/// The words of one call that the function may read from its context object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvocationContext {
    /// Unique id of this call.
    pub request_id: String,
    /// The name by which the function was called.
    pub invoked_function: String,
    /// Trace header, `_X_AMZN_TRACE_ID` during the call.
    pub trace_id: Option<String>,
    /// JSON of the caller's client context.
    pub client_context: Option<String>,
    /// JSON of the caller's identity.
    pub identity: Option<String>,
    /// The tenant on whose behalf the call is made.
    pub tenant_id: Option<String>,
}

/// One line that a function wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputLine {
    /// When the line was complete.
    pub time: SystemTime,
    /// The line without its newline; bytes that are not UTF-8 are replaced.
    pub text: String,
}

/// Takes a function's output, line by line, while it runs. Must not block.
pub trait OutputSink: Send + Sync {
    /// The sandbox that serves the call is known, before any of its lines: `sandbox` is its id (a UUID), `cold` whether
    /// initialisation comes first.
    fn started(&self, sandbox: &str, cold: bool);
    /// One line, in the order written.
    fn line(&self, line: OutputLine);
    /// Output beyond the bound of one call was thrown away.
    fn dropped(&self, records: u64, bytes: u64);
}
