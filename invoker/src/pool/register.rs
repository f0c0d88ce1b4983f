//! Who is in the pool, and who left it last: for people to look at. Decides nothing.
//!
//! The register itself is written when a sandbox comes or goes. What changes with every call stands in the sandbox's own [`Life`], behind
//! a lock that only its task and a reader of the list ever take: a warm call pays for two such locks and the copy of an id.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::function::End;
use super::state::Slot;
use crate::sandbox::MemoryGauge;
use crate::{ColdStartReason, PythonVersion, StartPath};

/// Departures that are remembered.
const MAX_DEPARTURES: usize = 1_000;

/// What a sandbox does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// It is being started.
    Starting,
    /// It runs a call.
    Busy,
    /// It waits for one.
    Idle,
}

/// A sandbox as it is now.
#[derive(Clone, Debug)]
pub struct SandboxView {
    /// Its id (a UUID).
    pub id: String,
    /// [`SandboxSpec::function`](crate::SandboxSpec::function).
    pub function: String,
    /// What it runs on.
    pub runtime: PythonVersion,
    /// What it does.
    pub activity: Activity,
    /// When its start began.
    pub started: SystemTime,
    /// When its last call began or ended; its start before the first.
    pub last_used: SystemTime,
    /// Calls that it has served or serves.
    pub uses: u64,
    /// Its memory limit, MiB.
    pub memory_mib: u32,
    /// Its memory now, bytes, where it is known.
    pub memory_bytes: Option<u64>,
    /// Why it was started.
    pub reason: ColdStartReason,
    /// How it came to be, once it is started.
    pub path: Option<StartPath>,
    /// The call that it is started for, or runs.
    pub request_id: Option<String>,
}

/// A sandbox that left the pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// When it began to end.
    pub at: SystemTime,
    /// Its id.
    pub sandbox: String,
    /// [`SandboxSpec::function`](crate::SandboxSpec::function).
    pub function: String,
    /// Why.
    pub end: End,
    /// Calls that it served.
    pub uses: u64,
    /// How long ago its start had begun.
    pub age: Duration,
}

/// See the module.
#[derive(Default)]
pub(super) struct Register {
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    /// By slot: the order in which they came.
    living: BTreeMap<u64, Arc<Life>>,
    /// The last is the newest.
    departures: VecDeque<Departure>,
}

impl Register {
    /// A sandbox is about to be started for the call `request_id`.
    pub(super) fn enter(
        &self,
        slot: &Slot,
        id: &str,
        reason: ColdStartReason,
        request_id: &str,
    ) -> Arc<Life> {
        let now = Instant::now();
        let life = Arc::new(Life {
            id: id.to_owned(),
            slot: slot.clone(),
            reason,
            started: SystemTime::now(),
            since: now,
            begun: OnceLock::new(),
            retired: AtomicBool::new(false),
            present: Mutex::new(Present {
                activity: Activity::Starting,
                request_id: request_id.to_owned(),
                last_used: now,
                uses: 0,
            }),
        });
        let mut entries = lock(&self.entries);
        entries.living.insert(slot.id, Arc::clone(&life));
        life
    }

    /// It begins to end.
    pub(super) fn leave(&self, life: &Life, end: End) {
        let departure = Departure {
            at: SystemTime::now(),
            sandbox: life.id.clone(),
            function: life.slot.spec.function.clone(),
            end,
            uses: lock(&life.present).uses,
            age: life.since.elapsed(),
        };
        let mut entries = lock(&self.entries);
        entries.living.remove(&life.slot.id);
        if entries.departures.len() == MAX_DEPARTURES {
            entries.departures.pop_front();
        }
        entries.departures.push_back(departure);
    }

    /// The sandbox with this id.
    pub(super) fn find(&self, id: &str) -> Option<Arc<Life>> {
        let entries = lock(&self.entries);
        let found = entries.living.values().find(|life| life.id == id);
        found.map(Arc::clone)
    }

    /// All, in the order in which they came.
    pub(super) fn living(&self) -> Vec<Arc<Life>> {
        lock(&self.entries).living.values().cloned().collect()
    }

    /// Those that left last, the newest first.
    pub(super) fn departures(&self) -> Vec<Departure> {
        lock(&self.entries)
            .departures
            .iter()
            .rev()
            .cloned()
            .collect()
    }
}

/// What is known of one sandbox while it is in the pool.
pub(super) struct Life {
    id: String,
    pub(super) slot: Slot,
    reason: ColdStartReason,
    started: SystemTime,
    since: Instant,
    begun: OnceLock<(StartPath, Box<dyn MemoryGauge>)>,
    /// It ends after its call. Written and read under the lock of the pool's state.
    retired: AtomicBool,
    present: Mutex<Present>,
}

struct Present {
    activity: Activity,
    request_id: String,
    last_used: Instant,
    uses: u64,
}

impl Life {
    /// It has been started.
    pub(super) fn begins(&self, path: StartPath, gauge: Box<dyn MemoryGauge>) {
        let _ = self.begun.set((path, gauge));
    }

    /// It begins a call.
    pub(super) fn serves(&self, request_id: &str, now: Instant) {
        let mut present = lock(&self.present);
        present.activity = Activity::Busy;
        present.request_id.clear();
        present.request_id.push_str(request_id);
        present.last_used = now;
        present.uses += 1;
    }

    /// Its call is over, and none follows yet.
    pub(super) fn rests(&self, now: Instant) {
        let mut present = lock(&self.present);
        present.activity = Activity::Idle;
        present.last_used = now;
    }

    /// It is to end after its call.
    pub(super) fn retire(&self) {
        self.retired.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_retired(&self) -> bool {
        self.retired.load(Ordering::Relaxed)
    }

    /// How it is now; reads files of the kernel.
    pub(super) fn view(&self) -> SandboxView {
        let (activity, request_id, last_used, uses) = {
            let present = lock(&self.present);
            let request_id =
                (present.activity != Activity::Idle).then(|| present.request_id.clone());
            (
                present.activity,
                request_id,
                present.last_used,
                present.uses,
            )
        };
        let spec = &self.slot.spec;
        let begun = self.begun.get();
        SandboxView {
            id: self.id.clone(),
            function: spec.function.clone(),
            runtime: spec.runtime,
            activity,
            started: self.started,
            last_used: self.started + last_used.saturating_duration_since(self.since),
            uses,
            memory_mib: spec.memory_mib,
            memory_bytes: begun.and_then(|(_, gauge)| gauge.memory_bytes()),
            reason: self.reason,
            path: begun.map(|(path, _)| *path),
            request_id,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
