//! Invocation records: what every invocation did, run by run, for a bounded time. Knows no HTTP.
//!
//! ```text
//! add ─→ buffer ─(flush period, or a reader)─→ drafts become runs, redacted ─→ index and ledger (the store)
//! page ←── places in the index, their runs from the ledger           upkeep: what is over a bound goes from both
//! find ←── a place in the index, its runs and kept texts from the ledger
//! ```
//! `add` takes a lock and pushes; all that costs time happens when the buffer is flushed. A reader flushes first, so it sees every
//! invocation that has been answered. One change of the index at a time: whoever holds it has flushed. It is read from the store
//! when it is first needed, so that a start does not wait for it.

mod buffer;
mod draft;
mod index;
mod invocation;
mod ledger;
mod query;
mod redaction;
mod run;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod upkeep;

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, OwnedMutexGuard};

use self::buffer::Buffer;
use self::draft::Redactions;
use self::index::{Bounds, Index};
use self::ledger::Ledger;
use crate::auth::Identity;
use crate::clock::Clock;
use crate::function::FunctionKey;
use crate::store::{Store, StoreError};

pub use draft::{Draft, Fault, Text};
pub use invocation::{Invocation, KeptTexts};
pub use query::{Order, Place, Query};
pub use run::{Failure, InvocationType, Phase, Run, Status};

/// How much is kept of one function, of all, on the disk, and for how long.
const BOUNDS: Bounds = Bounds {
    of_function: 10_000,
    of_all: 100_000,
    bytes: 1 << 30,
    age_ms: 7 * 86_400_000,
};

/// The records of every account's invocations.
pub struct Records {
    ledger: Ledger,
    clock: Clock,
    bounds: Bounds,
    buffer: Mutex<Buffer>,
    /// None until it is first needed.
    index: Arc<tokio::sync::Mutex<Option<Index>>>,
    /// A draft was added.
    added: Notify,
}

/// The index, flushed, for as long as it is held.
struct Held(OwnedMutexGuard<Option<Index>>);

impl Held {
    fn index(&mut self) -> &mut Index {
        self.0.as_mut().expect("it is read before it is held")
    }
}

impl Records {
    /// The records in `store`. Nothing is written in the background until [`Records::maintain`] runs.
    pub fn new(store: Store, clock: Clock) -> Arc<Self> {
        Self::bounded(store, clock, BOUNDS)
    }

    fn bounded(store: Store, clock: Clock, bounds: Bounds) -> Arc<Self> {
        Arc::new(Self {
            ledger: Ledger::new(store),
            clock,
            bounds,
            buffer: Mutex::default(),
            index: Arc::default(),
            added: Notify::new(),
        })
    }

    /// Takes a run that has ended and returns at once. Readers see it at once, and it is on the disk soon after; a bounded buffer
    /// drops (and counts) what the disk cannot follow.
    pub fn add(&self, draft: Draft) {
        self.with_buffer(|buffer| buffer.push(draft));
        self.added.notify_one();
    }

    /// Writes what is buffered to the store.
    ///
    /// # Cancel safety
    /// A caller that goes away does not undo what has begun.
    pub async fn flush(self: &Arc<Self>) {
        if let Err(error) = self.held().await {
            tracing::warn!(%error, "invocation records not written");
        }
    }

    /// A page of an account's invocations, and the place of its last one when others follow.
    ///
    /// # Errors
    /// The store's.
    pub async fn page(
        self: &Arc<Self>,
        query: &Query,
    ) -> Result<(Vec<Invocation>, Option<Place>), StoreError> {
        let (places, more) = self.held().await?.index().page(query);
        let next = places.last().map(|(_, place)| *place).filter(|_| more);
        Ok((invocation::read_all(&self.ledger, &places).await?, next))
    }

    /// The invocation with this id, if the caller's account has it in its region, and what was kept of it.
    ///
    /// # Errors
    /// The store's.
    pub async fn find(
        self: &Arc<Self>,
        identity: &Identity,
        request_id: &str,
    ) -> Result<Option<(Invocation, KeptTexts)>, StoreError> {
        let Ok(request_id) = request_id.parse() else {
            return Ok(None);
        };
        let mut held = self.held().await?;
        let found = held.index().find(request_id);
        let is_own = |function: &FunctionKey| {
            function.account == identity.account && function.region == identity.region
        };
        let Some((function, time_ms)) = found.filter(|(function, _)| is_own(function)) else {
            return Ok(None);
        };
        let function = function.clone();
        drop(held);
        invocation::read(&self.ledger, &function, time_ms, request_id).await
    }

    fn with_buffer<T>(&self, act: impl FnOnce(&mut Buffer) -> T) -> T {
        act(&mut self.buffer.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The index with everything in it that was added; whoever comes next waits for it.
    async fn held(self: &Arc<Self>) -> Result<Held, StoreError> {
        let guard = Arc::clone(&self.index).lock_owned().await;
        if guard.is_some() && self.with_buffer(|buffer| buffer.is_empty()) {
            return Ok(Held(guard));
        }
        // What is taken out of the buffer must reach the store even when the request that waits for it is dropped.
        let records = Arc::clone(self);
        let flushed = tokio::spawn(async move { records.flushed(guard).await });
        flushed.await.unwrap_or_else(|error| {
            Err(StoreError::Failed {
                action: "write invocation records",
                reason: error.to_string(),
            })
        })
    }

    async fn flushed(&self, mut guard: OwnedMutexGuard<Option<Index>>) -> Result<Held, StoreError> {
        if guard.is_none() {
            let mut index = Index::new(self.bounds);
            self.ledger.load(&mut index).await?;
            *guard = Some(index);
        }
        let mut held = Held(guard);
        let (drafts, dropped) = self.with_buffer(Buffer::take);
        if dropped > 0 {
            tracing::warn!(dropped, "invocation records dropped: the buffer was full");
        }
        let count = drafts.len();
        let made = tokio::task::spawn_blocking(move || runs_of(drafts)).await;
        let written = match made {
            Ok(runs) => self.ledger.write(held.index(), runs).await,
            Err(error) => Err(StoreError::Failed {
                action: "make invocation records",
                reason: error.to_string(),
            }),
        };
        if let Err(error) = written {
            tracing::warn!(%error, records = count, "invocation records dropped: the store refused them");
        }
        Ok(held)
    }
}

fn runs_of(drafts: Vec<Draft>) -> Vec<(FunctionKey, Run, Option<run::Kept>)> {
    let mut redactions = Redactions::default();
    let made = drafts.into_iter().filter_map(|draft| {
        let function = draft.version.key.clone();
        let (run, kept) = draft.into_run(&mut redactions)?;
        Some((function, run, kept))
    });
    made.collect()
}
