//! What happens between API and sandbox: admission, the run, retries, and the report.

/// Runs invocations, synchronous and asynchronous.
pub struct Runner;
