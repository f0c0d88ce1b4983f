//! Keeps sandboxes warm: reuse, keep-alive, and eviction under a memory budget.

use std::time::Duration;

/// What the pool may keep.
#[derive(Clone, Debug)]
pub struct PoolConfig {
    /// The sum of the memory limits of all sandboxes, busy and idle, MiB.
    pub memory_budget_mib: u64,
    /// How long an idle sandbox stays.
    pub keep_alive: Duration,
    /// How long a call waits for memory before [`InvokeError::NoCapacity`](crate::InvokeError::NoCapacity).
    pub capacity_wait: Duration,
    /// How many sandboxes may be started at the same time.
    pub concurrent_starts: usize,
}

/// What the pool holds now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Sandboxes that run a call or are being started.
    pub busy: usize,
    /// Sandboxes that wait for a call.
    pub idle: usize,
    /// The sum of their memory limits, MiB.
    pub memory_mib: u64,
}
