//! The long-lived task of the logs: it writes what is buffered, and removes what expired or was deleted.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::document::{decode, encode, find};
use super::group::{DOCUMENT_PREFIX, GroupDocument, GroupKey};
use super::retention::kept_from_ms;
use super::stream::StreamDocument;
use super::{Logs, deletion};
use crate::store::{Expect, Range, StoreError};

/// Events of this long a time are written at once.
const FLUSH_PERIOD: Duration = Duration::from_millis(100);
/// How often expired events are looked for.
const UPKEEP_PERIOD: Duration = Duration::from_secs(60 * 60);
/// As many documents are read at once.
const STEP: usize = 200;

impl Logs {
    /// Writes what is buffered within the flush period, removes expired and deleted events at start, hourly and when there is
    /// cause; returns after a last flush once `closing` fires.
    pub async fn maintain(self: Arc<Self>, closing: CancellationToken) {
        tokio::join!(self.keep_flushed(&closing), self.keep_trimmed(&closing));
        self.flush().await;
    }

    async fn keep_flushed(self: &Arc<Self>, closing: &CancellationToken) {
        while closing
            .run_until_cancelled(async {
                self.written.notified().await;
                tokio::time::sleep(FLUSH_PERIOD).await;
            })
            .await
            .is_some()
        {
            self.flush().await;
        }
    }

    async fn keep_trimmed(self: &Arc<Self>, closing: &CancellationToken) {
        loop {
            if let Err(error) = self.trim(closing).await {
                tracing::warn!(%error, "expired log events not removed; tried again later");
            }
            let cause = tokio::time::timeout(UPKEEP_PERIOD, self.due.notified());
            if closing.run_until_cancelled(cause).await.is_none() {
                return;
            }
        }
    }

    /// Removes what was deleted and what expired, in steps; ends early once `closing` fires.
    pub(super) async fn trim(
        self: &Arc<Self>,
        closing: &CancellationToken,
    ) -> Result<(), StoreError> {
        loop {
            let noted = deletion::noted(&self.store).await?;
            if noted.is_empty() {
                break;
            }
            for deleted in noted {
                if closing.is_cancelled() {
                    return Ok(());
                }
                let changing = self.exclusive().await;
                deletion::finish(&self.store, &deleted).await?;
                drop(changing);
                deletion::clear(&self.store, &deleted, closing).await?;
            }
        }
        let mut after: Option<String> = None;
        loop {
            let documents = &self.store.documents;
            let groups = documents
                .scan(DOCUMENT_PREFIX, after.as_deref(), STEP)
                .await?;
            let Some(last) = groups.last() else {
                return Ok(());
            };
            after = Some(last.key.clone());
            for found in groups {
                let group: GroupDocument = decode(&found)?;
                let Some(key) = GroupKey::of_document_key(&found.key) else {
                    continue;
                };
                if group.retention_days.is_some() {
                    self.trim_group(&key, &group, closing).await?;
                }
            }
        }
    }

    async fn trim_group(
        self: &Arc<Self>,
        key: &GroupKey,
        group: &GroupDocument,
        closing: &CancellationToken,
    ) -> Result<(), StoreError> {
        let kept_from_ms = kept_from_ms(group.retention_days, self.clock.now_ms());
        let prefix = group.stream_prefix();
        let mut after: Option<String> = None;
        loop {
            let documents = &self.store.documents;
            let streams = documents.scan(&prefix, after.as_deref(), STEP).await?;
            let Some(last) = streams.last() else {
                return Ok(());
            };
            after = Some(last.key.clone());
            for found in streams {
                if closing.is_cancelled() {
                    return Ok(());
                }
                let stream: StreamDocument = decode(&found)?;
                let first_ms = stream.first_event_ms;
                if first_ms.is_some_and(|first_ms| first_ms < kept_from_ms) {
                    self.trim_stream(key, &found.key, &stream, kept_from_ms)
                        .await?;
                }
            }
        }
    }

    /// Removes a stream's events older than `kept_from_ms` and brings its document and its group's up to date.
    async fn trim_stream(
        self: &Arc<Self>,
        group: &GroupKey,
        key: &str,
        stream: &StreamDocument,
        kept_from_ms: i64,
    ) -> Result<(), StoreError> {
        let journal_key = stream.journal_key();
        // Outside of the change: removing much takes its time, and who reads does not see what is removed anyway.
        let removed = self.store.journal.trim(&journal_key, kept_from_ms).await?;
        let _changing = self.exclusive().await;
        let Some(mut current) = find::<StreamDocument>(&self.store, key).await? else {
            return Ok(());
        };
        if current.id != stream.id {
            return Ok(());
        }
        let first = self
            .store
            .journal
            .read(Range {
                stream: &journal_key,
                from_ms: i64::MIN,
                to_ms: i64::MAX,
                after: None,
                backward: false,
                limit: 1,
            })
            .await?;
        let freed_bytes = current.forget(removed, first.first().map(|record| record.time_ms));
        let documents = &self.store.documents;
        documents.put(key, Expect::Any, encode(&current)).await?;
        let found = find::<GroupDocument>(&self.store, &group.document_key()).await?;
        // A group that was made anew has streams of its own.
        if let Some(mut document) = found.filter(|group| key.starts_with(&group.stream_prefix())) {
            document.stored_bytes = document.stored_bytes.saturating_sub(freed_bytes);
            self.put_group(group, &document).await?;
        }
        Ok(())
    }
}
