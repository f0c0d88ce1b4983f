//! From the buffer to the journal: one append per flush, bounded retries.
//!
//! What the store refuses after the last attempt is dropped and said so; the buffer never grows beyond its bound.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use super::stream::{StreamDocument, document_key, group_document_key, journal_key};
use super::{GroupKey, LogEvent, Logs};
use crate::clock::Clock;
use crate::store::{Expect, Store, StoreError};

/// The buffer's bound.
const BUFFER_BYTES: usize = 64 << 20;
/// What an event costs beside its text.
const EVENT_OVERHEAD_BYTES: usize = 64;
/// Events of this long a time go into one append.
const FLUSH_PERIOD: Duration = Duration::from_millis(200);
/// How often an append is tried.
const ATTEMPTS: u32 = 3;

/// Events of one `write`.
pub(super) struct Batch {
    group: GroupKey,
    stream: String,
    events: Vec<LogEvent>,
}

/// Events that are not in the store yet.
#[derive(Default)]
pub(super) struct Buffer {
    batches: Vec<Batch>,
    size_bytes: usize,
    dropped: u64,
}

impl Buffer {
    /// Takes the events, or counts them as dropped where they do not fit.
    pub(super) fn push(&mut self, group: &GroupKey, stream: &str, events: Vec<LogEvent>) {
        let size_bytes: usize = events
            .iter()
            .map(|event| event.message.len() + EVENT_OVERHEAD_BYTES)
            .sum();
        if self.size_bytes + size_bytes > BUFFER_BYTES {
            self.dropped += events.len() as u64;
        } else if !events.is_empty() {
            self.size_bytes += size_bytes;
            self.batches.push(Batch {
                group: group.clone(),
                stream: stream.to_owned(),
                events,
            });
        }
    }

    /// Empties the buffer; answers what it held and how many events were dropped since the last time.
    pub(super) fn take(&mut self) -> (Vec<Batch>, u64) {
        let taken = std::mem::take(self);
        (taken.batches, taken.dropped)
    }
}

/// Flushes while `logs` lives; the process's last events are flushed by its shutdown.
pub(super) async fn run(logs: Weak<Logs>, written: Arc<Notify>) {
    loop {
        written.notified().await;
        tokio::time::sleep(FLUSH_PERIOD).await;
        let Some(logs) = logs.upgrade() else { return };
        logs.flush().await;
    }
}

/// What is known of a group beside its streams.
#[derive(Serialize, Deserialize)]
struct GroupDocument {
    created_ms: i64,
    retention_days: Option<u32>,
}

/// Appends the batches, then brings the documents of their groups and streams up to date.
pub(super) async fn store(store: &Store, clock: &Clock, batches: Vec<Batch>) {
    let now_ms = clock.now_ms();
    let mut touched: BTreeMap<(GroupKey, String), Vec<i64>> = BTreeMap::new();
    let mut records = Vec::new();
    for batch in batches {
        let key = journal_key(&batch.group, &batch.stream);
        let times = touched.entry((batch.group, batch.stream)).or_default();
        for event in batch.events {
            times.push(event.time_ms);
            records.push((key.clone(), event.time_ms, Bytes::from(event.message)));
        }
    }
    let events = records.len();
    if let Err(error) = append(store, records).await {
        tracing::warn!(%error, events, "log events dropped: the store refused them");
        return;
    }
    for ((group, stream), times) in touched {
        if let Err(error) = note(store, &group, &stream, &times, now_ms).await {
            tracing::warn!(%error, group = group.name, stream, "log stream not brought up to date");
        }
    }
}

async fn append(store: &Store, records: Vec<(String, i64, Bytes)>) -> Result<(), StoreError> {
    let mut attempt = 1;
    loop {
        match store.journal.append(records.clone()).await {
            Ok(_) => return Ok(()),
            Err(error) if attempt == ATTEMPTS => return Err(error),
            Err(_) => {
                tokio::time::sleep(FLUSH_PERIOD * attempt).await;
                attempt += 1;
            }
        }
    }
}

async fn note(
    store: &Store,
    group: &GroupKey,
    stream: &str,
    times: &[i64],
    now_ms: i64,
) -> Result<(), StoreError> {
    let made = GroupDocument {
        created_ms: now_ms,
        retention_days: None,
    };
    match store
        .documents
        .put(&group_document_key(group), Expect::Absent, json(&made))
        .await
    {
        Ok(_) | Err(StoreError::Conflict { .. }) => {}
        Err(error) => return Err(error),
    }
    let key = document_key(group, stream);
    let mut document = match store.documents.get(&key).await? {
        Some(stored) => {
            serde_json::from_slice(&stored.body).map_err(|error| StoreError::Failed {
                action: "read log stream",
                reason: error.to_string(),
            })?
        }
        None => StreamDocument::new(now_ms),
    };
    for time_ms in times {
        document.note(*time_ms, now_ms);
    }
    store
        .documents
        .put(&key, Expect::Any, json(&document))
        .await?;
    Ok(())
}

fn json(document: &impl Serialize) -> Bytes {
    Bytes::from(
        serde_json::to_vec(document).expect("documents serialise: string keys, finite numbers"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group() -> GroupKey {
        GroupKey {
            account: "000000000000".into(),
            region: "us-east-1".into(),
            name: "g".into(),
        }
    }

    #[test]
    fn a_full_buffer_drops_and_counts() {
        let mut buffer = Buffer::default();
        let event = |bytes| LogEvent {
            time_ms: 1,
            message: "x".repeat(bytes),
        };
        buffer.push(&group(), "s", vec![event(BUFFER_BYTES / 2)]);
        buffer.push(&group(), "s", vec![event(BUFFER_BYTES), event(1)]);
        buffer.push(&group(), "s", vec![event(1)]);
        let (batches, dropped) = buffer.take();
        assert_eq!((batches.len(), dropped), (2, 2));
        assert_eq!(buffer.take().1, 0);
    }
}
