//! The blanks of one zygote: taken by functions, made again behind them.
//!
//! ```text
//! a function comes ─▶ a blank is there: pool hit      none is: one is made for it, pool miss
//! a task ─▶ fewer than `demand` wants: makes one, when a processor is free for it   ─▶ more: ends one   ─▶ else waits
//! ```
//! Invariant: all nurseries together hold or make at most [`Workshop::most_blanks`] blanks, and a nursery makes one at a time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use invoker_linux::cgroup::{Cgroup, Cgroups};
use invoker_wire::{Confinement, RestrictionName, Setup, Spawn, Without};
use tokio::sync::{Notify, Semaphore};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::blank::{Blank, MakeError};
use super::zygote::Zygote;
use crate::StartPath;
use crate::pool::Demand;

/// The most processes of one sandbox, as on Lambda: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>.
const MAX_PROCESSES: u32 = 1024;
/// The most blanks of a server.
const MAX_BLANKS: usize = 64;
/// What a blank takes about, MiB.
const BLANK_MIB: u64 = 4;
/// How often a nursery looks whether it has become too large.
const SHRINK_EVERY: Duration = Duration::from_secs(10);
/// How long the end of what is being made may take.
const CLOSE_LIMIT: Duration = Duration::from_secs(5);
/// How long a nursery rests after one could not be made.
const REST_AFTER_FAILURE: Duration = Duration::from_secs(5);

/// What all nurseries of a backend share.
pub(super) struct Workshop {
    setup: Setup,
    cgroups: Option<Cgroups>,
    /// One for each processor.
    places: Semaphore,
    most_blanks: usize,
    blanks: AtomicUsize,
    closed: CancellationToken,
    /// Those that tend a nursery.
    tasks: TaskTracker,
}

impl Workshop {
    /// Its blanks may take `blanks_mib` MiB.
    pub(super) fn new(setup: Setup, cgroups: Option<Cgroups>, blanks_mib: u64) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let ahead = setup.confinement == Confinement::Privileged;
        let most_blanks = if ahead { most_blanks(blanks_mib) } else { 0 };
        Self {
            setup,
            cgroups,
            places: Semaphore::new(processors),
            most_blanks,
            blanks: AtomicUsize::new(0),
            closed: CancellationToken::new(),
            tasks: TaskTracker::new(),
        }
    }

    /// Nothing more is made ahead, and nothing is being made when this returns.
    pub(super) async fn close(&self) {
        self.closed.cancel();
        self.tasks.close();
        if timeout(CLOSE_LIMIT, self.tasks.wait()).await.is_err() {
            tracing::warn!("what is made ahead is slow to end");
        }
    }

    /// What zygotes are told.
    pub(super) fn setup(&self) -> &Setup {
        &self.setup
    }

    pub(super) fn confinement(&self) -> Confinement {
        self.setup.confinement
    }

    pub(super) fn without(&self) -> &Without {
        &self.setup.without
    }

    pub(super) fn cgroups(&self) -> Option<&Cgroups> {
        self.cgroups.as_ref()
    }

    fn cgroup(&self) -> Result<Option<Cgroup>, MakeError> {
        let Some(cgroups) = &self.cgroups else {
            return Ok(None);
        };
        let refused = |error| MakeError::Refused(format!("make a control group: {error}"));
        let cgroup = cgroups
            .create(&Uuid::new_v4().to_string())
            .map_err(refused)?;
        if self.setup.without.keeps(RestrictionName::ProcessLimit) {
            cgroup.limit_processes(MAX_PROCESSES).map_err(refused)?;
        }
        Ok(Some(cgroup))
    }

    async fn make(&self, zygote: Arc<Zygote>, order: &Spawn) -> Result<Blank, MakeError> {
        Blank::make(zygote, order, self.cgroup()?, &self.setup.without).await
    }

    /// Counts a blank that is about to be made; whether there may be another.
    fn reserve(&self) -> bool {
        let another = |blanks| (blanks < self.most_blanks).then_some(blanks + 1);
        self.blanks
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, another)
            .is_ok()
    }

    fn release(&self, blanks: usize) {
        self.blanks.fetch_sub(blanks, Ordering::Relaxed);
    }
}

fn most_blanks(blanks_mib: u64) -> usize {
    usize::try_from(blanks_mib / BLANK_MIB).map_or(MAX_BLANKS, |most| most.min(MAX_BLANKS))
}

/// See the module.
pub(super) struct Nursery {
    zygote: Arc<Zygote>,
    workshop: Arc<Workshop>,
    state: Mutex<State>,
    changed: Arc<Notify>,
}

struct State {
    stock: Vec<Blank>,
    demand: Demand,
    /// One is being made.
    making: bool,
}

/// What a nursery does next.
enum Next {
    Make,
    /// One too many.
    End(Box<Blank>),
    Wait,
}

impl Nursery {
    /// Empty at first. Must be called within a tokio runtime.
    pub(super) fn new(zygote: Arc<Zygote>, workshop: Arc<Workshop>) -> Arc<Self> {
        let nursery = Arc::new(Self {
            zygote,
            workshop,
            state: Mutex::new(State {
                stock: Vec::new(),
                demand: Demand::new(Instant::now()),
                making: false,
            }),
            changed: Arc::default(),
        });
        if nursery.workshop.most_blanks > 0 {
            let work = tend(Arc::downgrade(&nursery), nursery.changed.clone());
            let closed = nursery.workshop.closed.clone();
            let tending = async move { closed.run_until_cancelled(work).await };
            nursery.workshop.tasks.spawn(tending);
        }
        nursery
    }

    pub(super) fn zygote(&self) -> &Arc<Zygote> {
        &self.zygote
    }

    /// How many blanks wait.
    pub(super) fn blanks(&self) -> usize {
        self.lock().stock.len()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A blank that waited, else one that is made now by `order`.
    pub(super) async fn take(&self, order: &Spawn) -> Result<(Blank, StartPath), MakeError> {
        self.lock().demand.arrives(Instant::now());
        while let Some(blank) = self.pop() {
            self.changed.notify_one();
            if blank.is_alive() {
                return Ok((blank, StartPath::PoolHit));
            }
        }
        let blank = self.workshop.make(self.zygote.clone(), order).await?;
        Ok((blank, StartPath::PoolMiss))
    }

    fn pop(&self) -> Option<Blank> {
        let blank = self.lock().stock.pop()?;
        self.workshop.release(1);
        Some(blank)
    }

    fn next(&self) -> Next {
        let mut state = self.lock();
        let wanted = state
            .demand
            .ready(Instant::now(), self.workshop.most_blanks);
        if state.stock.len() > wanted {
            let Some(surplus) = state.stock.pop() else {
                return Next::Wait;
            };
            self.workshop.release(1);
            return Next::End(Box::new(surplus));
        }
        if state.stock.len() < wanted && self.workshop.reserve() {
            state.making = true;
            return Next::Make;
        }
        Next::Wait
    }

    /// Makes one more; whether another may be made at once.
    async fn make(&self) -> Result<(), MakeError> {
        let _place = self.workshop.places.acquire().await;
        let begun = Instant::now();
        let order = Spawn {
            ahead: true,
            ..Spawn::default()
        };
        let made = self.workshop.make(self.zygote.clone(), &order).await;
        let mut state = self.lock();
        state.making = false;
        match made {
            Ok(blank) => {
                state.demand.made(begun.elapsed());
                state.stock.push(blank);
                Ok(())
            }
            Err(error) => {
                self.workshop.release(1);
                Err(error)
            }
        }
    }
}

impl Drop for Nursery {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        self.workshop
            .release(state.stock.len() + usize::from(state.making));
    }
}

/// Keeps the stock at what is wanted, for as long as the nursery is there and its zygote answers.
async fn tend(nursery: Weak<Nursery>, changed: Arc<Notify>) {
    while let Some(present) = nursery.upgrade() {
        match present.next() {
            Next::Make => match present.make().await {
                Ok(()) => {}
                // Whoever needs the next sandbox starts another zygote.
                Err(MakeError::ZygoteGone(_)) => return,
                Err(MakeError::Lost) => {
                    drop(present);
                    let _ = timeout(REST_AFTER_FAILURE, changed.notified()).await;
                }
                Err(MakeError::Refused(reason)) => {
                    tracing::warn!(%reason, "a sandbox could not be made ahead");
                    drop(present);
                    let _ = timeout(REST_AFTER_FAILURE, changed.notified()).await;
                }
            },
            Next::End(surplus) => {
                drop(present);
                surplus.0.destroy().await;
            }
            Next::Wait => {
                drop(present);
                let _ = timeout(SHRINK_EVERY, changed.notified()).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_host_holds_fewer_blanks() {
        assert_eq!(most_blanks(32), 8);
        assert_eq!(most_blanks(1024 * 1024), MAX_BLANKS);
        assert_eq!(most_blanks(0), 0);
    }
}
