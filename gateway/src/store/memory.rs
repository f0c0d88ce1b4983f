//! The store in memory: the same meaning as on the disk, gone with the process.
//!
//! Each part is one collection under one mutex, held for the length of one call and never across an await. It is the
//! second implementation that keeps the traits honest: `conformance` runs every case on both.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

use super::blob::key_of;
use super::{
    Blobs, Document, Documents, Expect, Journal, Message, Queue, Range, Record, Store, StoreError,
    last_trimmed_ms, lease_end_ms, lock,
};

/// An empty store in memory; `folder` is where its user may put files.
pub fn open(folder: &Path) -> Store {
    Store {
        documents: Arc::new(MemoryDocuments::default()),
        queue: Arc::new(MemoryQueue::default()),
        journal: Arc::new(MemoryJournal::default()),
        blobs: Arc::new(MemoryBlobs::default()),
        folder: folder.to_owned(),
    }
}

#[derive(Default)]
struct MemoryDocuments {
    by_key: Mutex<BTreeMap<String, Document>>,
}

#[async_trait]
impl Documents for MemoryDocuments {
    async fn get(&self, key: &str) -> Result<Option<Document>, StoreError> {
        Ok(lock(&self.by_key).get(key).cloned())
    }

    async fn put(&self, key: &str, expect: Expect, body: Bytes) -> Result<u64, StoreError> {
        let mut by_key = lock(&self.by_key);
        let found = by_key.get(key).map(|document| document.revision);
        if !expect.admits(found) {
            return Err(StoreError::Conflict {
                key: key.to_owned(),
            });
        }
        let revision = found.unwrap_or(0) + 1;
        let key = key.to_owned();
        by_key.insert(
            key.clone(),
            Document {
                key,
                revision,
                body,
            },
        );
        Ok(revision)
    }

    async fn delete(&self, key: &str, expect: Expect) -> Result<(), StoreError> {
        let mut by_key = lock(&self.by_key);
        if !expect.admits(by_key.get(key).map(|document| document.revision)) {
            return Err(StoreError::Conflict {
                key: key.to_owned(),
            });
        }
        by_key.remove(key);
        Ok(())
    }

    async fn scan(
        &self,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Document>, StoreError> {
        let start = match after {
            Some(after) if after >= prefix => Bound::Excluded(after),
            _ => Bound::Included(prefix),
        };
        let by_key = lock(&self.by_key);
        let documents = by_key
            .range::<str, _>((start, Bound::Unbounded))
            .map(|(_, document)| document)
            .take_while(|document| document.key.starts_with(prefix))
            .take(limit);
        Ok(documents.cloned().collect())
    }
}

#[derive(Default)]
struct MemoryQueue {
    messages: Mutex<Messages>,
}

#[derive(Default)]
struct Messages {
    last_id: u64,
    by_queue: HashMap<String, OneQueue>,
}

/// Invariant: `order` holds `(due_ms, id)` for exactly the messages of `by_id`.
#[derive(Default)]
struct OneQueue {
    by_id: HashMap<u64, Held>,
    order: BTreeSet<(i64, u64)>,
}

struct Held {
    message: Message,
    due_ms: i64,
    leased: bool,
}

impl OneQueue {
    fn insert(&mut self, held: Held) {
        self.order.insert((held.due_ms, held.message.id));
        self.by_id.insert(held.message.id, held);
    }

    fn remove(&mut self, id: u64) -> Option<Held> {
        let held = self.by_id.remove(&id)?;
        self.order.remove(&(held.due_ms, id));
        Some(held)
    }

    fn lease(&mut self, now_ms: i64, until_ms: i64, limit: usize) -> Vec<Message> {
        let due = self
            .order
            .iter()
            .take_while(|(due_ms, _)| *due_ms <= now_ms);
        let ids: Vec<u64> = due.take(limit).map(|(_, id)| *id).collect();
        let mut leased = Vec::with_capacity(ids.len());
        for mut held in ids
            .into_iter()
            .filter_map(|id| self.remove(id))
            .collect::<Vec<_>>()
        {
            held.message.attempts = held.message.attempts.saturating_add(1);
            held.due_ms = until_ms;
            held.leased = true;
            leased.push(held.message.clone());
            self.insert(held);
        }
        leased
    }

    fn release(&mut self, now_ms: i64) {
        let leased = self.by_id.values().filter(|held| held.leased);
        let ids: Vec<u64> = leased.map(|held| held.message.id).collect();
        for mut held in ids
            .into_iter()
            .filter_map(|id| self.remove(id))
            .collect::<Vec<_>>()
        {
            held.due_ms = now_ms;
            held.leased = false;
            self.insert(held);
        }
    }
}

#[async_trait]
impl Queue for MemoryQueue {
    async fn enqueue(
        &self,
        queue: &str,
        body: Bytes,
        now_ms: i64,
        due_ms: i64,
    ) -> Result<u64, StoreError> {
        let mut messages = lock(&self.messages);
        messages.last_id += 1;
        let id = messages.last_id;
        let message = Message {
            id,
            attempts: 0,
            enqueued_ms: now_ms,
            body,
        };
        messages
            .by_queue
            .entry(queue.to_owned())
            .or_default()
            .insert(Held {
                message,
                due_ms,
                leased: false,
            });
        Ok(id)
    }

    async fn lease(
        &self,
        queue: &str,
        now_ms: i64,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<Message>, StoreError> {
        let mut messages = lock(&self.messages);
        let Some(queue) = messages.by_queue.get_mut(queue) else {
            return Ok(Vec::new());
        };
        Ok(queue.lease(now_ms, lease_end_ms(now_ms, lease), limit))
    }

    async fn ack(&self, queue: &str, id: u64) -> Result<(), StoreError> {
        if let Some(queue) = lock(&self.messages).by_queue.get_mut(queue) {
            queue.remove(id);
        }
        Ok(())
    }

    async fn retry(
        &self,
        queue: &str,
        id: u64,
        due_ms: i64,
        body: Option<Bytes>,
    ) -> Result<(), StoreError> {
        if let Some(queue) = lock(&self.messages).by_queue.get_mut(queue)
            && let Some(mut held) = queue.remove(id)
        {
            held.due_ms = due_ms;
            held.leased = false;
            if let Some(body) = body {
                held.message.body = body;
            }
            queue.insert(held);
        }
        Ok(())
    }

    async fn release_leases(&self, now_ms: i64) -> Result<(), StoreError> {
        for queue in lock(&self.messages).by_queue.values_mut() {
            queue.release(now_ms);
        }
        Ok(())
    }

    async fn next_due_ms(&self, queue: &str) -> Result<Option<i64>, StoreError> {
        let messages = lock(&self.messages);
        let first = messages
            .by_queue
            .get(queue)
            .and_then(|queue| queue.order.first());
        Ok(first.map(|(due_ms, _)| *due_ms))
    }

    async fn depth(&self, queue: &str) -> Result<u64, StoreError> {
        let messages = lock(&self.messages);
        let count = messages
            .by_queue
            .get(queue)
            .map_or(0, |queue| queue.by_id.len());
        Ok(count as u64)
    }
}

#[derive(Default)]
struct MemoryJournal {
    records: Mutex<Records>,
}

#[derive(Default)]
struct Records {
    last_sequence: u64,
    by_stream: HashMap<String, BTreeMap<(i64, u64), Bytes>>,
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn append(&self, records: Vec<(String, i64, Bytes)>) -> Result<u64, StoreError> {
        let mut held = lock(&self.records);
        let first = held.last_sequence + 1;
        for (stream, time_ms, body) in records {
            held.last_sequence += 1;
            let sequence = held.last_sequence;
            held.by_stream
                .entry(stream)
                .or_default()
                .insert((time_ms, sequence), body);
        }
        Ok(first)
    }

    async fn read(&self, range: Range<'_>) -> Result<Vec<Record>, StoreError> {
        let (start, end) = range.between();
        let held = lock(&self.records);
        let Some(stream) = held.by_stream.get(range.stream) else {
            return Ok(Vec::new());
        };
        if start >= end {
            return Ok(Vec::new());
        }
        let records = stream
            .range((Bound::Excluded(start), Bound::Excluded(end)))
            .map(|((time_ms, sequence), body)| Record {
                sequence: *sequence,
                time_ms: *time_ms,
                body: body.clone(),
            });
        Ok(match range.backward {
            true => records.rev().take(range.limit).collect(),
            false => records.take(range.limit).collect(),
        })
    }

    async fn trim(&self, stream: &str, before_ms: i64) -> Result<u64, StoreError> {
        let mut held = lock(&self.records);
        let (Some(last_ms), Some(records)) =
            (last_trimmed_ms(before_ms), held.by_stream.get_mut(stream))
        else {
            return Ok(0);
        };
        let before = records.len();
        records.retain(|(time_ms, _), _| *time_ms > last_ms);
        let removed = before - records.len();
        if records.is_empty() {
            held.by_stream.remove(stream);
        }
        Ok(removed as u64)
    }
}

#[derive(Default)]
struct MemoryBlobs {
    by_key: Mutex<HashMap<String, Bytes>>,
}

#[async_trait]
impl Blobs for MemoryBlobs {
    async fn put(&self, bytes: Bytes) -> Result<String, StoreError> {
        let key = key_of(&bytes);
        lock(&self.by_key).insert(key.clone(), bytes);
        Ok(key)
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, StoreError> {
        Ok(lock(&self.by_key).get(key).cloned())
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        lock(&self.by_key).remove(key);
        Ok(())
    }

    async fn keys(&self) -> Result<Vec<String>, StoreError> {
        Ok(lock(&self.by_key).keys().cloned().collect())
    }
}
