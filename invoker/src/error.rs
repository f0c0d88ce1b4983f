//! Our own faults. What the user's code does wrong is an [`Outcome`](crate::Outcome).

/// Why the invoker could not run a call at all.
#[derive(Debug, thiserror::Error)]
pub enum InvokeError {
    /// The host has no such interpreter.
    #[error("no interpreter for Python {0} on this host")]
    RuntimeMissing(crate::PythonVersion),
    /// Every byte of the memory budget is in use by busy sandboxes, and the wait for room was over.
    #[error(
        "no memory for another sandbox: {wanted_mib} MiB wanted, the budget of {budget_mib} MiB is in use"
    )]
    NoCapacity {
        /// What the sandbox needs.
        wanted_mib: u32,
        /// The whole budget.
        budget_mib: u64,
    },
    /// The host refused a step of making the sandbox.
    #[error("make a sandbox: {0}")]
    Sandbox(String),
    /// The server is stopping.
    #[error("the server is shutting down")]
    ShuttingDown,
}
