//! Log groups, streams and events. Knows no HTTP.
//!
//! ```text
//! write ─→ buffer ─(flush period, or a reader)─┬→ writer ─→ documents, then journal
//! put ─────────────────────────────────────────┤             │ answers when it is on the disk
//!                                              └→ tails: whoever follows the group
//! read · search · query ←── journal, from what the group keeps on    upkeep: expired and deleted events go
//! ```
//! One change at a time: whatever changes a group or a stream first writes what is buffered, then holds `changing` until it
//! is done. So an event that was written before a deletion goes with it, and one written after makes group and stream anew.
//! A reader flushes first, so it sees every event that was written, under the sequence that the event keeps for good.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, OwnedMutexGuard};

use crate::clock::Clock;
use crate::store::{Store, StoreError};

mod acceptance;
mod change;
mod deletion;
mod document;
mod error;
mod event;
pub mod filter_pattern;
mod group;
pub mod insights;
mod listing;
mod merge;
mod pointer;
mod queries;
mod reading;
mod retention;
mod search;
mod stream;
mod tail;
#[cfg(test)]
mod tests;
mod upkeep;
mod writer;

pub use acceptance::{Acceptance, BATCH_BYTES, BatchError};
pub use error::LogError;
pub use event::{LogEvent, StoredEvent};
pub use group::{GroupClass, GroupDocument, GroupKey};
pub use listing::{Group, GroupListing, Stream, StreamListing, StreamOrder};
pub use pointer::EventPointer;
pub use queries::{QueryRequest, QueryState, QueryStatistics, QueryStatus};
pub use reading::EventRange;
pub use retention::RETENTION_DAYS;
pub use search::{Found, FoundEvent, Search, StreamChoice};
pub use stream::StreamDocument;
pub use tail::{Tail, TailChoice, TailStep, TailUpdate, TailedEvent};
use writer::{Batch, Buffer};

/// Log groups, streams and events of every account.
pub struct Logs {
    store: Store,
    clock: Clock,
    buffer: Mutex<Buffer>,
    changing: Arc<tokio::sync::Mutex<()>>,
    tails: Arc<tail::Tails>,
    queries: queries::Queries,
    /// Events were written.
    written: Notify,
    /// A policy was set, or something was deleted.
    due: Notify,
}

impl Logs {
    /// Opens the logs in `store`. Nothing is written in the background until [`Logs::maintain`] runs.
    ///
    /// # Errors
    /// The store's own.
    pub async fn open(store: Store, clock: Clock) -> Result<Arc<Self>, StoreError> {
        store
            .documents
            .scan(group::DOCUMENT_PREFIX, None, 1)
            .await?;
        Ok(Arc::new(Self {
            store,
            clock,
            buffer: Mutex::new(Buffer::default()),
            changing: Arc::default(),
            tails: Arc::default(),
            queries: queries::Queries::default(),
            written: Notify::new(),
            due: Notify::new(),
        }))
    }

    /// Takes events for a stream, in order, and returns at once; group and stream are made on their first event. The events
    /// are visible to readers at once and on disk soon after; a bounded buffer drops (and counts) what the disk cannot follow.
    pub fn write(&self, group: &GroupKey, stream: &str, events: Vec<LogEvent>) {
        let batch = Batch {
            group: group.clone(),
            stream: stream.to_owned(),
            ingested_ms: self.clock.now_ms(),
            events,
        };
        self.with_buffer(|buffer| buffer.push(batch));
        self.written.notify_one();
    }

    /// Ends every tail and query, and each that is begun later: they would outlast a stop.
    pub fn end_sessions(&self) {
        self.tails.close();
        self.queries.close();
    }

    /// Writes what is buffered to the store.
    ///
    /// # Cancel safety
    /// A caller that goes away does not undo what has begun.
    pub async fn flush(self: &Arc<Self>) {
        drop(self.exclusive().await);
    }

    fn with_buffer<T>(&self, act: impl FnOnce(&mut Buffer) -> T) -> T {
        act(&mut self.buffer.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until no other change runs and writes what is buffered; the next change waits for the guard.
    async fn exclusive(self: &Arc<Self>) -> OwnedMutexGuard<()> {
        let guard = Arc::clone(&self.changing).lock_owned().await;
        if self.with_buffer(|buffer| buffer.is_empty()) {
            return guard;
        }
        // What is taken out of the buffer must reach the store even when the request that waits for it is dropped.
        let logs = Arc::clone(self);
        let flushed = tokio::spawn(async move {
            logs.store_buffered().await;
            guard
        });
        match flushed.await {
            Ok(guard) => guard,
            Err(error) => {
                tracing::error!(%error, "log events dropped: their writing ended early");
                Arc::clone(&self.changing).lock_owned().await
            }
        }
    }

    async fn store_buffered(&self) {
        let (batches, dropped) = self.with_buffer(Buffer::take);
        if dropped > 0 {
            tracing::warn!(dropped, "log events dropped: the buffer was full");
            self.tails.missed();
        }
        self.tails.publish(&batches);
        let events: usize = batches.iter().map(|batch| batch.events.len()).sum();
        if let Err(error) = writer::store(&self.store, batches).await {
            tracing::warn!(%error, events, "log events dropped: the store refused them");
        }
    }
}
