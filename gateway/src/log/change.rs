//! What changes groups and streams, each change on its own: see the module's invariant.

use std::sync::Arc;

use super::acceptance::{Acceptance, judge};
use super::deletion::{Deleted, bury};
use super::document::{encode, find};
use super::retention::kept_from_ms;
use super::writer::{self, Batch};
use super::{GroupClass, GroupDocument, GroupKey, LogError, LogEvent, Logs, StreamDocument};
use crate::store::{Expect, StoreError};

impl Logs {
    /// Makes a group.
    ///
    /// # Errors
    /// It is there already, or the store's own.
    pub async fn create_group(
        self: &Arc<Self>,
        group: &GroupKey,
        class: GroupClass,
        kms_key_id: Option<String>,
    ) -> Result<(), LogError> {
        let _changing = self.exclusive().await;
        let document = GroupDocument::new(self.clock.now_ms(), class, kms_key_id);
        self.create(&group.document_key(), encode(&document))
            .await?
            .then_some(())
            .ok_or(LogError::GroupExists)
    }

    /// Removes a group with its streams and events. It is gone at once; its space is given back later.
    ///
    /// # Errors
    /// No such group, or the store's own.
    pub async fn delete_group(self: &Arc<Self>, group: &GroupKey) -> Result<(), LogError> {
        let _changing = self.exclusive().await;
        let document = self.find_group(group).await?;
        let key = group.document_key();
        bury(
            &self.store,
            &Deleted::Group {
                id: document.id,
                key,
            },
        )
        .await?;
        self.due.notify_one();
        Ok(())
    }

    /// Makes a stream.
    ///
    /// # Errors
    /// No such group, the stream is there already, or the store's own.
    pub async fn create_stream(
        self: &Arc<Self>,
        group: &GroupKey,
        stream: &str,
    ) -> Result<(), LogError> {
        let _changing = self.exclusive().await;
        let document = self.find_group(group).await?;
        let key = format!("{}{stream}", document.stream_prefix());
        let document = StreamDocument::new(self.clock.now_ms());
        self.create(&key, encode(&document))
            .await?
            .then_some(())
            .ok_or(LogError::StreamExists)
    }

    /// Removes a stream with its events. It is gone at once; its space is given back later.
    ///
    /// # Errors
    /// No such group or stream, or the store's own.
    pub async fn delete_stream(
        self: &Arc<Self>,
        group: &GroupKey,
        stream: &str,
    ) -> Result<(), LogError> {
        let _changing = self.exclusive().await;
        let mut document = self.find_group(group).await?;
        let found = self.find_stream(&document, stream).await?;
        let key = format!("{}{stream}", document.stream_prefix());
        bury(&self.store, &Deleted::Stream { id: found.id, key }).await?;
        document.stored_bytes = document.stored_bytes.saturating_sub(found.stored_bytes);
        self.put_group(group, &document).await?;
        self.due.notify_one();
        Ok(())
    }

    /// Sets for how many days a group keeps its events; `None`: for ever. What is older is hidden at once and removed later.
    ///
    /// # Errors
    /// No such group, or the store's own.
    pub async fn set_retention(
        self: &Arc<Self>,
        group: &GroupKey,
        days: Option<u32>,
    ) -> Result<(), LogError> {
        let _changing = self.exclusive().await;
        let mut document = self.find_group(group).await?;
        document.retention_days = days;
        self.put_group(group, &document).await?;
        self.due.notify_one();
        Ok(())
    }

    /// Writes a batch of events to a stream that is there; what was accepted is durable when it returns.
    ///
    /// # Errors
    /// No such group or stream, the batch is refused whole, or the store's own.
    pub async fn put(
        self: &Arc<Self>,
        group: &GroupKey,
        stream: &str,
        mut events: Vec<LogEvent>,
    ) -> Result<Acceptance, LogError> {
        let _changing = self.exclusive().await;
        let document = self.find_group(group).await?;
        self.find_stream(&document, stream).await?;
        let now_ms = self.clock.now_ms();
        let kept_from_ms = kept_from_ms(document.retention_days, now_ms);
        let acceptance = judge(&events, now_ms, kept_from_ms)?;
        events.truncate(acceptance.accepted.end);
        events.drain(..acceptance.accepted.start);
        if !events.is_empty() {
            let batch = Batch {
                group: group.clone(),
                stream: stream.to_owned(),
                ingested_ms: now_ms,
                events,
            };
            let batches = vec![batch];
            self.tails.publish(&batches);
            writer::store(&self.store, batches).await?;
        }
        Ok(acceptance)
    }

    /// Writes a document that is not there yet; answers whether it was so.
    async fn create(&self, key: &str, body: bytes::Bytes) -> Result<bool, StoreError> {
        match self.store.documents.put(key, Expect::Absent, body).await {
            Ok(_) => Ok(true),
            Err(StoreError::Conflict { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The group's document.
    pub(super) async fn find_group(&self, group: &GroupKey) -> Result<GroupDocument, LogError> {
        find(&self.store, &group.document_key())
            .await?
            .ok_or(LogError::GroupNotFound)
    }

    /// The document of a group's stream.
    pub(super) async fn find_stream(
        &self,
        group: &GroupDocument,
        stream: &str,
    ) -> Result<StreamDocument, LogError> {
        find(&self.store, &format!("{}{stream}", group.stream_prefix()))
            .await?
            .ok_or(LogError::StreamNotFound)
    }

    /// Writes a group's document; the caller is the only one that changes it.
    pub(super) async fn put_group(
        &self,
        group: &GroupKey,
        document: &GroupDocument,
    ) -> Result<(), StoreError> {
        let key = group.document_key();
        let body = encode(document);
        self.store.documents.put(&key, Expect::Any, body).await?;
        Ok(())
    }
}
