//! Deletions: gone in one step, cleared away in many.
//!
//! ```text
//! bury:   note the deletion ─→ remove the document (from here on nothing leads to the events)
//! clear:  remove the document, were it still there ─→ events and streams, step by step ─→ the note
//! ```
//! A crash at any point leaves the note, and [`clear`] starts over from it.

use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use super::GroupDocument;
use super::document::{decode, encode, find};
use super::group::stream_prefix;
use super::stream::{StreamDocument, journal_key};
use crate::store::{Expect, Store, StoreError};

/// What the keys of all notes start with.
const PREFIX: &str = "log-deleted/";
/// As many documents are read at once.
const STEP: usize = 100;

/// What was deleted: its id, and the key under which its document lay.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Deleted {
    /// A group with its streams.
    Group { id: String, key: String },
    /// A stream.
    Stream { id: String, key: String },
}

impl Deleted {
    fn note_key(&self) -> String {
        let (Self::Group { id, .. } | Self::Stream { id, .. }) = self;
        format!("{PREFIX}{id}")
    }
}

/// Notes a deletion and makes it; the caller is the only one that changes groups and streams.
pub(super) async fn bury(store: &Store, deleted: &Deleted) -> Result<(), StoreError> {
    let (Deleted::Group { key, .. } | Deleted::Stream { key, .. }) = deleted;
    let note = encode(deleted);
    store
        .documents
        .put(&deleted.note_key(), Expect::Any, note)
        .await?;
    let outcome = store.documents.delete(key, Expect::Any).await;
    if outcome.is_err() {
        // Who was told that it failed may go on writing there; nothing may delete that later.
        store
            .documents
            .delete(&deleted.note_key(), Expect::Any)
            .await?;
    }
    outcome
}

/// At most one step's deletions that are not cleared away.
pub(super) async fn noted(store: &Store) -> Result<Vec<Deleted>, StoreError> {
    let notes = store.documents.scan(PREFIX, None, STEP).await?;
    notes.iter().map(decode).collect()
}

/// Removes the document of a deletion that a crash cut short; the caller is the only one that changes groups and streams.
pub(super) async fn finish(store: &Store, deleted: &Deleted) -> Result<(), StoreError> {
    let (key, is_the_same) = match deleted {
        Deleted::Group { id, key } => {
            let found = find::<GroupDocument>(store, key).await?;
            (key, found.is_some_and(|group| group.id == *id))
        }
        Deleted::Stream { id, key } => {
            let found = find::<StreamDocument>(store, key).await?;
            (key, found.is_some_and(|stream| stream.id == *id))
        }
    };
    if is_the_same {
        store.documents.delete(key, Expect::Any).await?;
    }
    Ok(())
}

/// Gives back the space of what was deleted. Nothing leads there any more, so it runs beside every other change. Ends early,
/// with the note left, once `closing` fires.
pub(super) async fn clear(
    store: &Store,
    deleted: &Deleted,
    closing: &CancellationToken,
) -> Result<(), StoreError> {
    match deleted {
        Deleted::Stream { id, .. } => {
            store.journal.trim(&journal_key(id), i64::MAX).await?;
        }
        Deleted::Group { id, .. } => {
            let prefix = stream_prefix(id);
            loop {
                let step = store.documents.scan(&prefix, None, STEP).await?;
                if step.is_empty() {
                    break;
                }
                for found in step {
                    if closing.is_cancelled() {
                        return Ok(());
                    }
                    let stream: StreamDocument = decode(&found)?;
                    store.journal.trim(&stream.journal_key(), i64::MAX).await?;
                    store.documents.delete(&found.key, Expect::Any).await?;
                }
            }
        }
    }
    store
        .documents
        .delete(&deleted.note_key(), Expect::Any)
        .await
}
