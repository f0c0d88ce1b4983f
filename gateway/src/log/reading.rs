//! The events of one stream, page by page.

use std::sync::Arc;

use super::retention::kept_from_ms;
use super::{GroupKey, LogError, Logs, StoredEvent};
use crate::store::Range;

/// The largest page of events, as AWS counts it.
pub(super) const PAGE_BYTES: usize = 1_048_576;
/// As many events are read at once.
const STEP: usize = 256;

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

impl Logs {
    /// The events of a stream in `from_ms..to_ms` behind `after`, in the direction of reading: at most `limit`, at most 1 MB
    /// (but one event at least), and none that the group no longer keeps.
    ///
    /// # Errors
    /// No such group or stream, or the store's own.
    pub async fn read(
        self: &Arc<Self>,
        group: &GroupKey,
        stream: &str,
        range: EventRange,
    ) -> Result<Vec<StoredEvent>, LogError> {
        self.flush().await;
        let group = self.find_group(group).await?;
        let journal_key = self.find_stream(&group, stream).await?.journal_key();
        let kept_from_ms = kept_from_ms(group.retention_days, self.clock.now_ms());
        let mut events: Vec<StoredEvent> = Vec::new();
        let mut size_bytes = 0;
        let mut after = range.after;
        while events.len() < range.limit {
            let step = STEP.min(range.limit - events.len());
            let records = self
                .store
                .journal
                .read(Range {
                    stream: &journal_key,
                    from_ms: range.from_ms.max(kept_from_ms),
                    to_ms: range.to_ms,
                    after,
                    backward: range.backward,
                    limit: step,
                })
                .await?;
            let is_last = records.len() < step;
            for event in records.iter().map(StoredEvent::decode) {
                size_bytes += event.event.size_bytes();
                if size_bytes > PAGE_BYTES && !events.is_empty() {
                    return Ok(events);
                }
                after = Some(event.position());
                events.push(event);
            }
            if is_last {
                break;
            }
        }
        Ok(events)
    }
}
