//! Keeps sandboxes warm: reuse, keep-alive, and eviction under a memory budget.
//!
//! ```text
//!             memory and a place to start                     its call ends, none of its kind waits
//!  call ─▶ waits ────────────▶ starting ─────▶ busy ───────────────────────▶ idle ─┐
//!            │                    │             ▲ ▲ │                          │    │ expired · evicted · changed · retired · died
//!   too long ▼        init failed │             │ └─┘ another call waits       │    ▼
//!        NoCapacity               ▼             └───────── a call comes ───────┘  ending ─▶ gone: its memory is free
//!                              ending ◀── busy: timed out, exited, out of memory, or of an old generation
//! ```
//! `state` decides all of this, synchronously and purely, with `function`, `memory` and `eviction`; `slot` is the life of one sandbox, a
//! task that owns it from its start to its end; `reaper` gives up the calls that waited too long; `register` is what people see of it all;
//! `demand` decides how many sandboxes a backend holds ready for functions that nobody has called yet.
//!
//! A call is handed to the task of its sandbox, and only its answer is waited for: whoever goes away cancels nothing. For a warm call that
//! costs two allocations and two wake-ups, which the runtime runs next on the same thread.

mod demand;
mod eviction;
mod function;
mod memory;
mod reaper;
mod register;
mod slot;
mod state;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub(crate) use self::demand::Demand;
pub use self::function::End;
use self::register::Register;
pub use self::register::{Activity, Departure, SandboxView};
use self::slot::{Call, Handle, Order};
use self::state::{Admitted, State, Step};
use crate::sandbox::Backend;
use crate::{Invocation, InvokeError, Outcome, SandboxSpec};

/// How long sandboxes may take to end.
const END_LIMIT: Duration = Duration::from_secs(15);

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

/// The warm pool of one backend.
pub(crate) struct Pool<B: Backend> {
    backend: Arc<B>,
    config: PoolConfig,
    state: Mutex<State<Handle, Box<Call>>>,
    register: Register,
    /// A call waits.
    queued: Notify,
    /// What still runs must end now.
    stopped: CancellationToken,
    /// The sandboxes.
    tasks: TaskTracker,
}

impl<B: Backend + 'static> Pool<B> {
    /// An empty pool. Must be called within a tokio runtime.
    pub(crate) fn new(backend: Arc<B>, config: PoolConfig) -> Arc<Self> {
        let pool = Arc::new(Self {
            backend,
            state: Mutex::new(State::new(&config)),
            config,
            register: Register::default(),
            queued: Notify::new(),
            stopped: CancellationToken::new(),
            tasks: TaskTracker::new(),
        });
        tokio::spawn(reaper::give_up_waiting(Arc::clone(&pool)));
        pool
    }

    /// Runs one call. Dropping the future does not cancel it: the call belongs to the sandbox's task, or to the queue.
    pub(crate) async fn invoke(
        self: &Arc<Self>,
        spec: &Arc<SandboxSpec>,
        invocation: Invocation,
    ) -> Result<Outcome, InvokeError> {
        let now = Instant::now();
        let (reply, answer) = oneshot::channel();
        let call = Box::new(Call {
            invocation,
            since: now,
            memory_mib: spec.memory_mib,
            reply,
        });
        let admitted = self.lock().admit(spec, call, now);
        match admitted {
            Admitted::Warm(handle, call) => handle.order(Order::Serve(call)),
            Admitted::Cold(steps) => {
                self.perform(steps);
                self.queued.notify_one();
            }
            Admitted::NoRoom(call) => self.refuse(call),
            Admitted::Closed(call) => call.answer(Err(InvokeError::ShuttingDown)),
        }
        let lost = || Err(InvokeError::Sandbox("the sandbox's task failed".to_owned()));
        answer.await.unwrap_or_else(|_| lost())
    }

    /// Ends the idle sandboxes of `function` and lets its busy ones end after their call.
    pub(crate) async fn retire(self: &Arc<Self>, function: &str) {
        let steps = self.lock().retire(function);
        let ending = self.perform(steps);
        let all_gone = async {
            for handle in ending {
                handle.gone().await;
            }
        };
        if timeout(END_LIMIT, all_gone).await.is_err() {
            tracing::warn!(function, "retired sandboxes are slow to end");
        }
    }

    /// Ends one sandbox: now when it idles, else after its call. Answers whether there is one with this id.
    pub(crate) async fn retire_sandbox(&self, id: &str) -> bool {
        let Some(life) = self.register.find(id) else {
            return false;
        };
        let idle = {
            let mut state = self.lock();
            life.retire();
            state.end_when_idle(&life.slot, End::Retired)
        };
        if let Some(handle) = idle {
            handle.order(Order::End(End::Retired));
            if timeout(END_LIMIT, handle.gone()).await.is_err() {
                tracing::warn!(sandbox = id, "a retired sandbox is slow to end");
            }
        }
        true
    }

    /// The function of the sandbox with this id.
    pub(crate) fn function_of(&self, id: &str) -> Option<String> {
        let life = self.register.find(id)?;
        Some(life.slot.spec.function.clone())
    }

    /// Every sandbox, in the order in which they came. Reads the kernel's files: it blocks.
    pub(crate) fn sandboxes(&self) -> Vec<SandboxView> {
        let living = self.register.living();
        living.iter().map(|life| life.view()).collect()
    }

    /// The sandboxes that left last, the newest first.
    pub(crate) fn departures(&self) -> Vec<Departure> {
        self.register.departures()
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        self.lock().snapshot()
    }

    /// Takes no new call, waits at most `grace` for those that run or wait, then ends every sandbox.
    pub(crate) async fn drain(self: &Arc<Self>, grace: Duration) {
        self.close();
        self.tasks.close();
        if timeout(grace, self.tasks.wait()).await.is_err() {
            self.stop();
            if timeout(END_LIMIT, self.tasks.wait()).await.is_err() {
                tracing::warn!(sandboxes = self.tasks.len(), "sandboxes are slow to end");
            }
        }
        self.stopped.cancel();
    }

    fn close(self: &Arc<Self>) {
        let steps = self.lock().close();
        self.perform(steps);
    }

    /// Closes the pool and ends everything in it, without waiting.
    pub(crate) fn stop(self: &Arc<Self>) {
        self.close();
        let (waiting, _) = self.lock().give_up(None);
        for call in waiting {
            call.answer(Err(InvokeError::ShuttingDown));
        }
        self.stopped.cancel();
    }

    fn lock(&self) -> MutexGuard<'_, State<Handle, Box<Call>>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn refuse(&self, call: Box<Call>) {
        let refusal = InvokeError::NoCapacity {
            wanted_mib: call.memory_mib,
            budget_mib: self.config.memory_budget_mib,
        };
        call.answer(Err(refusal));
    }

    /// Does what was decided; answers the sandboxes that were told to end.
    fn perform(self: &Arc<Self>, steps: Vec<Step<Handle, Box<Call>>>) -> Vec<Handle> {
        let mut ending = Vec::new();
        for step in steps {
            match step {
                Step::Start { slot, reason, call } => {
                    let life = slot::live(Arc::clone(self), slot, reason, call);
                    self.tasks.spawn(life);
                }
                Step::End(handle, end) => {
                    handle.order(Order::End(end));
                    ending.push(handle);
                }
            }
        }
        ending
    }
}
