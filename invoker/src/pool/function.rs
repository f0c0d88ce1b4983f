//! What the pool knows of one function: its idle sandboxes, how many run, and how the last one ended. Pure.

use std::sync::Arc;

use tokio::time::Instant;

use crate::{ColdStartReason, SandboxSpec};

/// Why a sandbox left the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It idled too long.
    Expired,
    /// It made room.
    Evicted,
    /// Its function was changed or deleted.
    Changed,
    /// Somebody wanted this one to go.
    Retired,
    /// Its process ended by itself.
    Crashed,
    /// A call, or its initialisation, took too long.
    TimedOut,
    /// The kernel killed it at its memory limit.
    OutOfMemory,
    /// Its module could not be imported.
    InitFailed,
    /// It could not be made: a fault of ours.
    StartFailed,
    /// The pool is closed.
    Stopped,
}

impl End {
    fn reason(self) -> ColdStartReason {
        match self {
            Self::Expired => ColdStartReason::Expired,
            Self::Evicted => ColdStartReason::Evicted,
            Self::Changed | Self::Stopped => ColdStartReason::ConfigurationChanged,
            Self::Retired => ColdStartReason::Retired,
            Self::Crashed
            | Self::TimedOut
            | Self::OutOfMemory
            | Self::InitFailed
            | Self::StartFailed => ColdStartReason::Crashed,
        }
    }
}

/// A sandbox that waits for a call.
#[derive(Debug)]
pub(super) struct Idle<H> {
    pub(super) slot: u64,
    pub(super) since: Instant,
    /// See `eviction`.
    pub(super) worth: f64,
    pub(super) memory_mib: u32,
    pub(super) handle: H,
}

/// One function. All that is counted here is of the present `generation`; sandboxes of older ones end after their call.
#[derive(Debug)]
pub(super) struct Function<H> {
    /// As last called.
    spec: Arc<SandboxSpec>,
    /// Unique; another one whenever the spec changes or the function is retired.
    pub(super) generation: u64,
    /// The most recently used is the last.
    pub(super) idle: Vec<Idle<H>>,
    /// Sandboxes that run a call or are being started.
    pub(super) running: usize,
    /// Calls that wait.
    pub(super) waiting: usize,
    last_end: Option<End>,
    /// What of the spec changed, since the last sandbox was made from it.
    change: ColdStartReason,
    /// When it was last called, in calls of the pool.
    pub(super) called: u64,
}

impl<H> Function<H> {
    pub(super) fn new(spec: Arc<SandboxSpec>, generation: u64) -> Self {
        Self {
            spec,
            generation,
            idle: Vec::new(),
            running: 0,
            waiting: 0,
            last_end: None,
            change: ColdStartReason::ConfigurationChanged,
            called: 0,
        }
    }

    /// Whether sandboxes of the present generation may serve `spec`. The same spec is usually the same allocation.
    pub(super) fn serves(&mut self, spec: &Arc<SandboxSpec>) -> bool {
        if Arc::ptr_eq(&self.spec, spec) {
            return true;
        }
        let equal = self.spec == *spec;
        if equal {
            self.spec = Arc::clone(spec);
        }
        equal
    }

    /// Begins a generation that serves `spec`; answers the idle sandboxes of the last one, which must end.
    pub(super) fn renew(
        &mut self,
        spec: Option<&Arc<SandboxSpec>>,
        generation: u64,
    ) -> Vec<Idle<H>> {
        if let Some(spec) = spec {
            self.change = if spec.code == self.spec.code {
                ColdStartReason::ConfigurationChanged
            } else {
                ColdStartReason::CodeChanged
            };
            self.spec = Arc::clone(spec);
        }
        self.generation = generation;
        self.running = 0;
        self.waiting = 0;
        self.last_end = Some(End::Changed);
        std::mem::take(&mut self.idle)
    }

    /// A sandbox of the present generation left.
    pub(super) fn ended(&mut self, end: End) {
        self.last_end = Some(end);
    }

    /// Why a call that finds no idle sandbox needs a new one.
    pub(super) fn cold_start_reason(&self) -> ColdStartReason {
        if self.running + self.waiting > 0 {
            return ColdStartReason::ScaleOut;
        }
        match self.last_end {
            None => ColdStartReason::First,
            Some(End::Changed) => self.change,
            Some(end) => end.reason(),
        }
    }

    /// Whether nothing but the past is known of it.
    pub(super) fn is_past(&self) -> bool {
        self.running + self.waiting == 0 && self.idle.is_empty()
    }
}
