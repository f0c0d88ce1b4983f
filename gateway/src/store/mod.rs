//! Where state lives: four narrow traits, each with one meaning. Knows no domain type.
//!
//! * [`Documents`]: small JSON documents with revisions; one document per aggregate, so one compare-and-set is a whole change.
//! * [`Queue`]: durable work with leases.
//! * [`Journal`]: append-only records by stream and time (log events, metric points).
//! * [`Blobs`]: content-addressed bytes.
//!
//! An acknowledged write survives `kill -9`. `conformance` is the suite that every implementation passes.

mod blob;
#[cfg(test)]
mod conformance;
pub mod memory;
pub mod sqlite;

use std::fmt::Display;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

/// Why the store could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The document was changed by somebody else, exists already, or is gone.
    #[error("document {key} is not at the expected revision")]
    Conflict {
        /// The key.
        key: String,
    },
    /// The disk, the database or the file system refused.
    #[error("{action}: {reason}")]
    Failed {
        /// What was tried, verb and noun.
        action: &'static str,
        /// What the layer below said.
        reason: String,
    },
}

impl StoreError {
    fn failed(action: &'static str, reason: impl Display) -> Self {
        Self::Failed {
            action,
            reason: reason.to_string(),
        }
    }
}

/// A stored document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its key.
    pub key: String,
    /// Counts its writes, from 1.
    pub revision: u64,
    /// Its content.
    pub body: Bytes,
}

/// What a [`Documents::put`] expects to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// No document under the key.
    Absent,
    /// A document at this revision.
    Revision(u64),
    /// Anything.
    Any,
}

impl Expect {
    /// Whether a document at `found` (`None`: no document) is as expected.
    fn admits(self, found: Option<u64>) -> bool {
        match self {
            Self::Absent => found.is_none(),
            Self::Revision(revision) => found == Some(revision),
            Self::Any => true,
        }
    }
}

/// Small documents by key.
#[async_trait]
pub trait Documents: Send + Sync {
    /// The document under `key`.
    async fn get(&self, key: &str) -> Result<Option<Document>, StoreError>;
    /// Writes `body` under `key` if what is there is as expected; answers the new revision.
    async fn put(&self, key: &str, expect: Expect, body: Bytes) -> Result<u64, StoreError>;
    /// Removes the document if it is as expected ([`Expect::Any`]: also when there is none).
    async fn delete(&self, key: &str, expect: Expect) -> Result<(), StoreError>;
    /// At most `limit` documents whose key starts with `prefix` and is greater than `after`, in byte order of their keys.
    async fn scan(
        &self,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Document>, StoreError>;
}

/// A message taken from a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id in the queue.
    pub id: u64,
    /// How often it was leased, this time included.
    pub attempts: u32,
    /// When it was enqueued, milliseconds since the epoch.
    pub enqueued_ms: i64,
    /// Its content.
    pub body: Bytes,
}

/// Durable work. Times are milliseconds since the epoch, given by the caller.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Adds a message, due at `due_ms`; durable when it returns.
    async fn enqueue(
        &self,
        queue: &str,
        body: Bytes,
        now_ms: i64,
        due_ms: i64,
    ) -> Result<u64, StoreError>;
    /// Takes at most `limit` due messages and hides them until `now_ms + lease`.
    async fn lease(
        &self,
        queue: &str,
        now_ms: i64,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<Message>, StoreError>;
    /// Removes a message for good.
    async fn ack(&self, queue: &str, id: u64) -> Result<(), StoreError>;
    /// Gives a leased message back, due at `due_ms`, with a new body where the consumer changed it.
    async fn retry(
        &self,
        queue: &str,
        id: u64,
        due_ms: i64,
        body: Option<Bytes>,
    ) -> Result<(), StoreError>;
    /// Makes every leased message due now: called once at start, when no consumer of the last run is left.
    async fn release_leases(&self, now_ms: i64) -> Result<(), StoreError>;
    /// When the next message is due, if there is one.
    async fn next_due_ms(&self, queue: &str) -> Result<Option<i64>, StoreError>;
    /// How many messages it holds.
    async fn depth(&self, queue: &str) -> Result<u64, StoreError>;
}

/// A record of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Grows with every append of the journal, over all streams.
    pub sequence: u64,
    /// Its time, milliseconds since the epoch, chosen by the writer.
    pub time_ms: i64,
    /// Its content.
    pub body: Bytes,
}

/// What [`Journal::read`] reads: `stream`, times in `from_ms..to_ms`, ordered by (time, sequence).
#[derive(Clone, Debug)]
pub struct Range<'a> {
    /// The stream.
    pub stream: &'a str,
    /// First time, inclusive.
    pub from_ms: i64,
    /// Last time, exclusive.
    pub to_ms: i64,
    /// Start behind this (time, sequence) in the direction of reading.
    pub after: Option<(i64, u64)>,
    /// Newest first.
    pub backward: bool,
    /// At most this many.
    pub limit: usize,
}

impl Range<'_> {
    /// The (time, sequence) pairs between which its records lie, both exclusive.
    fn between(&self) -> ((i64, u64), (i64, u64)) {
        // Sequences start at 1: every record of a time lies behind (time, 0).
        let (start, end) = ((self.from_ms, 0), (self.to_ms, 0));
        match self.after {
            None => (start, end),
            Some(after) if self.backward => (start, after.min(end)),
            Some(after) => (after.max(start), end),
        }
    }
}

/// The last time that [`Journal::trim`] removes, or `None` where it removes nothing.
fn last_trimmed_ms(before_ms: i64) -> Option<i64> {
    match before_ms {
        i64::MAX => Some(i64::MAX),
        _ => before_ms.checked_sub(1),
    }
}

/// When a lease taken at `now_ms` ends.
fn lease_end_ms(now_ms: i64, lease: Duration) -> i64 {
    now_ms.saturating_add(i64::try_from(lease.as_millis()).unwrap_or(i64::MAX))
}

/// Append-only records by stream and time.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Appends the records `(stream, time_ms, body)`, all or none; answers the first sequence of the run.
    async fn append(&self, records: Vec<(String, i64, Bytes)>) -> Result<u64, StoreError>;
    /// Reads a range.
    async fn read(&self, range: Range<'_>) -> Result<Vec<Record>, StoreError>;
    /// Removes a stream's records older than `before_ms` (`i64::MAX`: all); answers how many.
    async fn trim(&self, stream: &str, before_ms: i64) -> Result<u64, StoreError>;
}

/// Content-addressed bytes; the key is the lowercase hex SHA-256 of the content.
#[async_trait]
pub trait Blobs: Send + Sync {
    /// Stores the bytes; answers their key.
    async fn put(&self, bytes: Bytes) -> Result<String, StoreError>;
    /// The bytes under `key`.
    async fn get(&self, key: &str) -> Result<Option<Bytes>, StoreError>;
    /// Removes them.
    async fn delete(&self, key: &str) -> Result<(), StoreError>;
    /// Every key.
    async fn keys(&self) -> Result<Vec<String>, StoreError>;
}

/// The four of them, and a folder for what must lie on a disk (unpacked packages).
#[derive(Clone)]
pub struct Store {
    /// Documents.
    pub documents: std::sync::Arc<dyn Documents>,
    /// Queues.
    pub queue: std::sync::Arc<dyn Queue>,
    /// Journals.
    pub journal: std::sync::Arc<dyn Journal>,
    /// Blobs.
    pub blobs: std::sync::Arc<dyn Blobs>,
    /// The data folder.
    pub folder: PathBuf,
}

/// Runs disk work off the runtime's own threads.
async fn blocking<T, E, F>(action: &'static str, work: F) -> Result<T, StoreError>
where
    T: Send + 'static,
    E: Display + Send + 'static,
    F: FnOnce() -> Result<T, E> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(StoreError::failed(action, error)),
        Err(error) => Err(StoreError::failed(action, error)),
    }
}

/// Locks a mutex of the store.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .expect("the store does not panic while it holds a lock")
}
