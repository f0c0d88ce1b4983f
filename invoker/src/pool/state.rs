//! The pool's decisions: who serves a call, who waits, who is started, who ends. Synchronous and pure: no clock, no task, no sandbox.
//!
//! `H` is the handle of an idle sandbox, `W` a call that waits. What must be done about a decision is answered as [`Step`]s.
//!
//! Invariants: the memory of all sandboxes stays within the budget; calls that wait are started in the order they came, but an idle
//! sandbox of their own function takes them at once; no idle sandbox is of an old generation.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::eviction::{self, Candidate, Level};
use super::function::{End, Function, Idle};
use super::memory::Budget;
use super::{PoolConfig, Snapshot};
use crate::{ColdStartReason, SandboxSpec};

/// Calls that wait at most; beyond it they are refused at once.
pub(super) const MAX_WAITING: usize = 10_000;
/// Functions whose past is remembered; beyond it the half that was called longest ago is forgotten.
const MAX_FUNCTIONS: usize = 10_000;

/// A sandbox's place in the pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    /// Its number.
    pub(super) id: u64,
    /// Of its function.
    pub(super) generation: u64,
    /// What it was made from.
    pub(super) spec: Arc<SandboxSpec>,
}

/// What must be done.
#[derive(Debug)]
pub(super) enum Step<H, W> {
    /// Start a sandbox for this call.
    Start {
        /// Its place.
        slot: Slot,
        /// Why no other serves the call.
        reason: ColdStartReason,
        /// The call.
        call: W,
    },
    /// End this idle sandbox.
    End(H, End),
}

/// What becomes of a new call.
#[derive(Debug)]
pub(super) enum Admitted<H, W> {
    /// This idle sandbox serves it.
    Warm(H, W),
    /// It waits, or is among those to start.
    Cold(Vec<Step<H, W>>),
    /// It can never be served, or too many wait.
    NoRoom(W),
    /// The pool is closed.
    Closed(W),
}

/// What a sandbox does after a call.
#[derive(Debug)]
pub(super) enum After<H, W> {
    /// Serve this one.
    Serve(W, Vec<Step<H, W>>),
    /// Wait.
    Idle(Vec<Step<H, W>>),
    /// End.
    End(End),
}

#[derive(Debug)]
struct Waiting<W> {
    call: W,
    spec: Arc<SandboxSpec>,
    generation: u64,
    reason: ColdStartReason,
    until: Instant,
}

/// See the module.
#[derive(Debug)]
pub(super) struct State<H, W> {
    functions: HashMap<String, Function<H>>,
    waiting: VecDeque<Waiting<W>>,
    budget: Budget,
    level: Level,
    busy: usize,
    idle: usize,
    starting: usize,
    concurrent_starts: usize,
    capacity_wait: Duration,
    last_id: u64,
    last_generation: u64,
    calls: u64,
    closed: bool,
}

impl<H, W> State<H, W> {
    pub(super) fn new(config: &PoolConfig) -> Self {
        Self {
            functions: HashMap::new(),
            waiting: VecDeque::new(),
            budget: Budget::new(config.memory_budget_mib),
            level: Level::default(),
            busy: 0,
            idle: 0,
            starting: 0,
            concurrent_starts: config.concurrent_starts.max(1),
            capacity_wait: config.capacity_wait,
            last_id: 0,
            last_generation: 0,
            calls: 0,
            closed: false,
        }
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        Snapshot {
            busy: self.busy,
            idle: self.idle,
            memory_mib: self.budget.used_mib(),
        }
    }

    /// A call comes.
    pub(super) fn admit(
        &mut self,
        spec: &Arc<SandboxSpec>,
        call: W,
        now: Instant,
    ) -> Admitted<H, W> {
        if self.closed {
            return Admitted::Closed(call);
        }
        self.calls += 1;
        if let Some(function) = self.functions.get_mut(&spec.function)
            && function.serves(spec)
            && let Some(idle) = function.idle.pop()
        {
            function.running += 1;
            function.called = self.calls;
            self.idle -= 1;
            self.busy += 1;
            return Admitted::Warm(idle.handle, call);
        }
        if u64::from(spec.memory_mib) > self.budget.total_mib() || self.waiting.len() >= MAX_WAITING
        {
            return Admitted::NoRoom(call);
        }
        let mut steps = Vec::new();
        let (generation, reason) = self.expect_start(spec, &mut steps);
        self.waiting.push_back(Waiting {
            call,
            spec: Arc::clone(spec),
            generation,
            reason,
            until: now + self.capacity_wait,
        });
        self.start_waiting(&mut steps);
        Admitted::Cold(steps)
    }

    /// Counts a call of `spec` that finds no idle sandbox.
    fn expect_start(
        &mut self,
        spec: &Arc<SandboxSpec>,
        steps: &mut Vec<Step<H, W>>,
    ) -> (u64, ColdStartReason) {
        self.last_generation += 1;
        let fresh = self.last_generation;
        if !self.functions.contains_key(&spec.function) {
            self.forget_surplus();
        }
        let function = self
            .functions
            .entry(spec.function.clone())
            .or_insert_with(|| Function::new(Arc::clone(spec), fresh));
        let outdated = if function.serves(spec) {
            Vec::new()
        } else {
            function.renew(Some(spec), fresh)
        };
        let reason = function.cold_start_reason();
        function.waiting += 1;
        function.called = self.calls;
        let generation = function.generation;
        self.end_idle(outdated, End::Changed, steps);
        (generation, reason)
    }

    fn end_idle(&mut self, ending: Vec<Idle<H>>, end: End, steps: &mut Vec<Step<H, W>>) {
        for idle in ending {
            self.idle -= 1;
            self.budget.begin_end(idle.memory_mib);
            steps.push(Step::End(idle.handle, end));
        }
    }

    fn forget_surplus(&mut self) {
        if self.functions.len() < MAX_FUNCTIONS {
            return;
        }
        let mut ages: Vec<u64> = self.functions.values().map(|known| known.called).collect();
        let middle = ages.len() / 2;
        let (_, median, _) = ages.select_nth_unstable(middle);
        let median = *median;
        self.functions
            .retain(|_, known| !known.is_past() || known.called > median);
    }

    /// Starts those that wait, in order, as far as places and memory allow.
    fn start_waiting(&mut self, steps: &mut Vec<Step<H, W>>) {
        while let Some(first) = self.waiting.front() {
            if self.starting >= self.concurrent_starts {
                return;
            }
            if !self.budget.take(first.spec.memory_mib) {
                let wanted_mib = self.budget.shortfall_mib(first.spec.memory_mib);
                if wanted_mib > 0 {
                    self.evict(wanted_mib, steps);
                }
                return;
            }
            let first = self.waiting.pop_front().expect("it was looked at above");
            self.last_id += 1;
            self.starting += 1;
            self.busy += 1;
            if let Some(function) = self.present(&first.spec, first.generation) {
                function.waiting -= 1;
                function.running += 1;
            }
            let slot = Slot {
                id: self.last_id,
                generation: first.generation,
                spec: first.spec,
            };
            steps.push(Step::Start {
                slot,
                reason: first.reason,
                call: first.call,
            });
        }
    }

    fn evict(&mut self, wanted_mib: u64, steps: &mut Vec<Step<H, W>>) {
        let candidates = self.functions.values().flat_map(|function| {
            function.idle.iter().map(|idle| Candidate {
                slot: idle.slot,
                memory_mib: idle.memory_mib,
                worth: idle.worth,
                since: idle.since,
            })
        });
        for chosen in eviction::choose(candidates.collect(), wanted_mib) {
            self.level.rise(&chosen);
            let found = self.functions.values_mut().find_map(|function| {
                let at = function
                    .idle
                    .iter()
                    .position(|idle| idle.slot == chosen.slot)?;
                function.ended(End::Evicted);
                Some(function.idle.remove(at))
            });
            self.end_idle(found.into_iter().collect(), End::Evicted, steps);
        }
    }

    /// The function, when `generation` is its present one.
    fn present(&mut self, spec: &SandboxSpec, generation: u64) -> Option<&mut Function<H>> {
        self.functions
            .get_mut(&spec.function)
            .filter(|function| function.generation == generation)
    }

    /// A start is over, or takes so long that others may begin meanwhile.
    pub(super) fn started(&mut self) -> Vec<Step<H, W>> {
        self.starting -= 1;
        self.steps()
    }

    /// A sandbox must be started again in the place of one that died.
    pub(super) fn starts_again(&mut self) {
        self.starting += 1;
    }

    fn steps(&mut self) -> Vec<Step<H, W>> {
        let mut steps = Vec::new();
        self.start_waiting(&mut steps);
        steps
    }

    /// A sandbox, which took `cost` to initialise, has served its call and could serve another; `handle` reaches it while it idles.
    pub(super) fn release(
        &mut self,
        slot: &Slot,
        handle: H,
        cost: Duration,
        now: Instant,
    ) -> After<H, W> {
        let closed = self.closed;
        let worth = self.level.worth(cost, slot.spec.memory_mib);
        let Some(function) = self.present(&slot.spec, slot.generation) else {
            self.begin_end(slot, End::Changed);
            return After::End(End::Changed);
        };
        if function.waiting > 0 {
            function.waiting -= 1;
            let mine = |waiting: &Waiting<W>| waiting.generation == slot.generation;
            let at = self.waiting.iter().position(mine);
            let waiting = at.and_then(|at| self.waiting.remove(at));
            let call = waiting.expect("as many wait as are counted").call;
            // It may have been the first, which the others waited for.
            return After::Serve(call, self.steps());
        }
        if closed {
            self.begin_end(slot, End::Stopped);
            return After::End(End::Stopped);
        }
        function.running -= 1;
        function.idle.push(Idle {
            slot: slot.id,
            since: now,
            worth,
            memory_mib: slot.spec.memory_mib,
            handle,
        });
        self.busy -= 1;
        self.idle += 1;
        if self.waiting.is_empty() {
            return After::Idle(Vec::new());
        }
        After::Idle(self.steps())
    }

    /// Ends a sandbox if it idles and no call is on the way to it: whoever gets its handle must see to its end.
    pub(super) fn end_when_idle(&mut self, slot: &Slot, end: End) -> Option<H> {
        let function = self.present(&slot.spec, slot.generation)?;
        let at = function.idle.iter().position(|idle| idle.slot == slot.id)?;
        let idle = function.idle.remove(at);
        function.ended(end);
        self.idle -= 1;
        self.budget.begin_end(slot.spec.memory_mib);
        Some(idle.handle)
    }

    /// A busy sandbox ends.
    pub(super) fn begin_end(&mut self, slot: &Slot, end: End) {
        if let Some(function) = self.present(&slot.spec, slot.generation) {
            function.running -= 1;
            function.ended(end);
        }
        self.busy -= 1;
        self.budget.begin_end(slot.spec.memory_mib);
    }

    /// A sandbox that began to end is gone.
    pub(super) fn gone(&mut self, slot: &Slot) -> Vec<Step<H, W>> {
        self.budget.give_back(slot.spec.memory_mib);
        self.steps()
    }

    /// Sandboxes of `function` serve no further call; its idle ones must end.
    pub(super) fn retire(&mut self, function: &str) -> Vec<Step<H, W>> {
        self.last_generation += 1;
        let fresh = self.last_generation;
        let mut steps = Vec::new();
        if let Some(function) = self.functions.get_mut(function) {
            let outdated = function.renew(None, fresh);
            self.end_idle(outdated, End::Changed, &mut steps);
        }
        steps
    }

    /// Takes no new call; every idle sandbox must end.
    pub(super) fn close(&mut self) -> Vec<Step<H, W>> {
        self.closed = true;
        let idle = self.functions.values_mut();
        let outdated: Vec<Idle<H>> = idle
            .flat_map(|known| std::mem::take(&mut known.idle))
            .collect();
        let mut steps = Vec::new();
        self.end_idle(outdated, End::Stopped, &mut steps);
        steps
    }

    /// Until when the call that waits longest waits.
    pub(super) fn next_expiry(&self) -> Option<Instant> {
        self.waiting.front().map(|waiting| waiting.until)
    }

    /// Gives up the calls that have waited until `now`; all, when it is absent.
    pub(super) fn give_up(&mut self, now: Option<Instant>) -> (Vec<W>, Vec<Step<H, W>>) {
        let mut given_up = Vec::new();
        while let Some(first) = self.waiting.front()
            && now.is_none_or(|now| first.until <= now)
        {
            let first = self.waiting.pop_front().expect("it was looked at above");
            if let Some(function) = self.present(&first.spec, first.generation) {
                function.waiting -= 1;
            }
            given_up.push(first.call);
        }
        (given_up, self.steps())
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
