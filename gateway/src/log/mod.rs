//! Log groups, streams and events. Knows no HTTP.
//!
//! `write` puts events into a bounded buffer; one task appends what is buffered to the journal, one append per flush.
//! A reader flushes first, so it sees every event that was written, under the sequence that the event keeps for good.
//! A group or stream is one document; it is made by its first event.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::clock::Clock;
use crate::store::{Range, Store, StoreError};

pub mod filter_pattern;
mod stream;
mod writer;

pub use stream::StreamDocument;
use writer::Buffer;

/// Names a log group.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupKey {
    /// Twelve digits.
    pub account: String,
    /// Such as `us-east-1`.
    pub region: String,
    /// Such as `/aws/lambda/hello`.
    pub name: String,
}

/// One log event to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEvent {
    /// Milliseconds since the epoch.
    pub time_ms: i64,
    /// The text.
    pub message: String,
}

/// An event as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its place in the journal; with the time, its identity.
    pub sequence: u64,
    /// The event.
    pub event: LogEvent,
}

impl StoredEvent {
    /// 56 digits, ordered as (time, sequence): the same on every page and after every restart.
    pub fn id(&self) -> String {
        format!("{:020}{:036}", self.event.time_ms, self.sequence)
    }
}

/// Log groups, streams and events of every account.
pub struct Logs {
    store: Store,
    clock: Clock,
    buffer: Mutex<Buffer>,
    flushing: tokio::sync::Mutex<()>,
    written: Arc<Notify>,
}

impl Logs {
    /// Opens the logs in `store` and starts the task that writes what is buffered.
    ///
    /// # Errors
    /// The store's own.
    pub async fn open(store: Store, clock: Clock) -> Result<Arc<Self>, StoreError> {
        store.documents.scan("logs/", None, 1).await?;
        let logs = Arc::new(Self {
            store,
            clock,
            buffer: Mutex::new(Buffer::default()),
            flushing: tokio::sync::Mutex::new(()),
            written: Arc::new(Notify::new()),
        });
        tokio::spawn(writer::run(
            Arc::downgrade(&logs),
            Arc::clone(&logs.written),
        ));
        Ok(logs)
    }

    /// Takes events for a stream, in order, and returns at once; group and stream are made on their first event. The events
    /// are visible to readers at once and on disk soon after; a bounded buffer drops (and counts) what the disk cannot follow.
    pub fn write(&self, group: &GroupKey, stream: &str, events: Vec<LogEvent>) {
        self.buffer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(group, stream, events);
        self.written.notify_one();
    }

    /// Writes what is buffered to the store.
    pub async fn flush(self: &Arc<Self>) {
        let _one_at_a_time = self.flushing.lock().await;
        let (batches, dropped) = self
            .buffer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if dropped > 0 {
            tracing::warn!(dropped, "log events dropped: the buffer was full");
        }
        if !batches.is_empty() {
            writer::store(&self.store, &self.clock, batches).await;
        }
    }

    /// At most `limit` events of a stream in `from_ms..to_ms` behind `after`, in the direction of reading.
    ///
    /// # Errors
    /// The store's own.
    pub async fn read(
        self: &Arc<Self>,
        group: &GroupKey,
        stream: &str,
        range: EventRange,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        self.flush().await;
        let records = self
            .store
            .journal
            .read(Range {
                stream: &stream::journal_key(group, stream),
                from_ms: range.from_ms,
                to_ms: range.to_ms,
                after: range.after,
                backward: range.backward,
                limit: range.limit,
            })
            .await?;
        Ok(records
            .into_iter()
            .map(|record| StoredEvent {
                sequence: record.sequence,
                event: LogEvent {
                    time_ms: record.time_ms,
                    message: String::from_utf8_lossy(&record.body).into_owned(),
                },
            })
            .collect())
    }
}

/// Which events [`Logs::read`] reads.
#[derive(Clone, Copy, Debug)]
pub struct EventRange {
    /// First time, inclusive.
    pub from_ms: i64,
    /// Last time, exclusive.
    pub to_ms: i64,
    /// Start behind this (time, sequence).
    pub after: Option<(i64, u64)>,
    /// Newest first.
    pub backward: bool,
    /// At most this many.
    pub limit: usize,
}
