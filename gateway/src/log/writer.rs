//! From the buffer to the journal: groups and streams first, then the events.
//!
//! Invariant: an event's stream has its document, with a span that holds the event, before the event is in the journal.
//! A crash between the two leaves a span that is too wide, never an event that nothing leads to.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;

use super::document::{encode, find};
use super::event::LogEvent;
use super::group::{GroupClass, GroupDocument, GroupKey};
use super::stream::StreamDocument;
use crate::store::{Expect, Store, StoreError};

/// The buffer's bound.
const BUFFER_BYTES: usize = 64 << 20;
/// What an event costs beside its text.
const EVENT_OVERHEAD_BYTES: usize = 64;
/// How often a step is tried.
const ATTEMPTS: u32 = 3;
/// The wait behind a failed attempt, times its number.
const ATTEMPT_PAUSE: Duration = Duration::from_millis(200);
/// The documents of as many groups are written at once, so that they share a commit.
const GROUPS_AT_ONCE: usize = 16;
/// The documents of as many of a group's streams are written at once.
const STREAMS_AT_ONCE: usize = 64;
/// As many events go into one append.
const EVENTS_AT_ONCE: usize = 10_000;

/// Events of one `write`.
pub(super) struct Batch {
    pub(super) group: GroupKey,
    pub(super) stream: String,
    pub(super) ingested_ms: i64,
    pub(super) events: Vec<LogEvent>,
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
    pub(super) fn push(&mut self, batch: Batch) {
        let size_bytes: usize = batch
            .events
            .iter()
            .map(|event| event.message.len() + EVENT_OVERHEAD_BYTES)
            .sum();
        if self.size_bytes + size_bytes > BUFFER_BYTES {
            self.dropped += batch.events.len() as u64;
        } else if !batch.events.is_empty() {
            self.size_bytes += size_bytes;
            self.batches.push(batch);
        }
    }

    /// Whether there is nothing to write and nothing to tell.
    pub(super) fn is_empty(&self) -> bool {
        self.batches.is_empty() && self.dropped == 0
    }

    /// Empties the buffer; answers what it held and how many events were dropped since the last time.
    pub(super) fn take(&mut self) -> (Vec<Batch>, u64) {
        let taken = std::mem::take(self);
        (taken.batches, taken.dropped)
    }
}

/// The events of one stream, in order.
struct Incoming {
    stream: String,
    events: Vec<(i64, LogEvent)>,
}

impl From<(String, Vec<(i64, LogEvent)>)> for Incoming {
    fn from((stream, events): (String, Vec<(i64, LogEvent)>)) -> Self {
        Self { stream, events }
    }
}

/// Writes the batches; durable when it returns. Groups and streams that are not there are made. The caller sees to it that
/// nobody else changes groups or streams meanwhile.
pub(super) async fn store(store: &Store, batches: Vec<Batch>) -> Result<(), StoreError> {
    let mut by_stream: BTreeMap<GroupKey, BTreeMap<String, Vec<(i64, LogEvent)>>> = BTreeMap::new();
    for batch in batches {
        let ingested_ms = batch.ingested_ms;
        let events = batch.events.into_iter().map(|event| (ingested_ms, event));
        by_stream
            .entry(batch.group)
            .or_default()
            .entry(batch.stream)
            .or_default()
            .extend(events);
    }
    let groups: Vec<(GroupKey, Vec<Incoming>)> = by_stream
        .into_iter()
        .map(|(group, streams)| (group, streams.into_iter().map(Incoming::from).collect()))
        .collect();
    let mut keys = Vec::new();
    for step in groups.chunks(GROUPS_AT_ONCE) {
        let prepared = step
            .iter()
            .map(|(group, streams)| retried(move || prepare(store, group, streams)));
        for prepared in join_all(prepared).await {
            keys.extend(prepared?);
        }
    }
    let mut records = Vec::new();
    for (incoming, key) in groups
        .into_iter()
        .flat_map(|(_, streams)| streams)
        .zip(keys)
    {
        for (ingested_ms, event) in incoming.events {
            records.push((key.clone(), event.time_ms, event.encode(ingested_ms)));
        }
    }
    for step in records.chunks(EVENTS_AT_ONCE) {
        retried(|| store.journal.append(step.to_vec())).await?;
    }
    Ok(())
}

/// Brings the documents of a group and its streams up to date; answers the streams' names in the journal.
async fn prepare(
    store: &Store,
    group: &GroupKey,
    streams: &[Incoming],
) -> Result<Vec<String>, StoreError> {
    let group_key = group.document_key();
    let found = find::<GroupDocument>(store, &group_key).await?;
    let is_new = found.is_none();
    let mut document = found.unwrap_or_else(|| {
        let ingested = streams.iter().flat_map(|stream| &stream.events);
        let created_ms = ingested.map(|(ingested_ms, _)| *ingested_ms).min();
        GroupDocument::new(created_ms.unwrap_or(0), GroupClass::default(), None)
    });
    for incoming in streams {
        let sizes = incoming.events.iter().map(|(_, event)| event.size_bytes());
        let size_bytes = sizes.sum::<usize>() as u64;
        document.stored_bytes = document.stored_bytes.saturating_add(size_bytes);
    }
    let body = encode(&document);
    let put = store.documents.put(&group_key, Expect::Any, body);
    let prefix = document.stream_prefix();
    let widened = widen_all(store, &prefix, streams);
    if is_new {
        // The group first: a stream without its group would be found by nobody.
        put.await?;
        widened.await
    } else {
        // At once, so that they share a commit.
        let (_, keys) = tokio::try_join!(put, widened)?;
        Ok(keys)
    }
}

async fn widen_all(
    store: &Store,
    prefix: &str,
    streams: &[Incoming],
) -> Result<Vec<String>, StoreError> {
    let mut keys = Vec::with_capacity(streams.len());
    for step in streams.chunks(STREAMS_AT_ONCE) {
        let widened = join_all(step.iter().map(|incoming| widen(store, prefix, incoming))).await;
        keys.extend(widened.into_iter().collect::<Result<Vec<_>, _>>()?);
    }
    Ok(keys)
}

/// Widens a stream's span by its incoming events; answers its name in the journal.
async fn widen(store: &Store, prefix: &str, incoming: &Incoming) -> Result<String, StoreError> {
    let key = format!("{prefix}{}", incoming.stream);
    let mut document = match find::<StreamDocument>(store, &key).await? {
        Some(document) => document,
        None => {
            let first = incoming.events.first();
            StreamDocument::new(first.map_or(0, |(ingested_ms, _)| *ingested_ms))
        }
    };
    for (ingested_ms, event) in &incoming.events {
        document.note(event.time_ms, *ingested_ms, event.size_bytes() as u64);
    }
    let body: Bytes = encode(&document);
    store.documents.put(&key, Expect::Any, body).await?;
    Ok(document.journal_key())
}

async fn retried<T, F>(step: impl Fn() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    let mut attempt = 1;
    loop {
        match step().await {
            Err(_) if attempt < ATTEMPTS => {
                tokio::time::sleep(ATTEMPT_PAUSE * attempt).await;
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(sizes_bytes: &[usize]) -> Batch {
        let events = sizes_bytes.iter().map(|bytes| LogEvent {
            time_ms: 1,
            message: "x".repeat(*bytes),
        });
        Batch {
            group: GroupKey {
                account: "000000000000".into(),
                region: "us-east-1".into(),
                name: "g".into(),
            },
            stream: "s".into(),
            ingested_ms: 1,
            events: events.collect(),
        }
    }

    #[test]
    fn a_full_buffer_drops_and_counts() {
        let mut buffer = Buffer::default();
        buffer.push(batch(&[BUFFER_BYTES / 2]));
        buffer.push(batch(&[BUFFER_BYTES, 1]));
        buffer.push(batch(&[1]));
        let (batches, dropped) = buffer.take();
        assert_eq!((batches.len(), dropped), (2, 2));
        assert!(buffer.is_empty());
    }
}
