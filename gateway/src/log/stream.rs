//! A log stream's document and the keys of groups, streams and events in the store.
//!
//! Neither a group's nor a stream's name may hold `:`, so `group:stream` names one stream only.

use serde::{Deserialize, Serialize};

use super::GroupKey;

/// What is known of a stream beside its events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamDocument {
    /// When it was made, milliseconds since the epoch.
    pub created_ms: i64,
    /// The oldest event's time.
    pub first_event_ms: Option<i64>,
    /// The newest event's time.
    pub last_event_ms: Option<i64>,
    /// When events last came in.
    pub last_ingestion_ms: Option<i64>,
}

impl StreamDocument {
    /// A stream with no event yet.
    pub fn new(created_ms: i64) -> Self {
        Self {
            created_ms,
            first_event_ms: None,
            last_event_ms: None,
            last_ingestion_ms: None,
        }
    }

    /// Notes an event that came in at `now_ms`.
    pub fn note(&mut self, time_ms: i64, now_ms: i64) {
        self.first_event_ms = Some(self.first_event_ms.map_or(time_ms, |old| old.min(time_ms)));
        self.last_event_ms = Some(self.last_event_ms.map_or(time_ms, |old| old.max(time_ms)));
        self.last_ingestion_ms = Some(now_ms);
    }
}

/// The key of a group's document.
pub(super) fn group_document_key(group: &GroupKey) -> String {
    format!(
        "logs/{}/{}/group/{}",
        group.account, group.region, group.name
    )
}

/// The key of a stream's document.
pub(super) fn document_key(group: &GroupKey, stream: &str) -> String {
    format!(
        "logs/{}/{}/stream/{}:{stream}",
        group.account, group.region, group.name
    )
}

/// The key of a stream's events.
pub(super) fn journal_key(group: &GroupKey, stream: &str) -> String {
    format!(
        "logs/{}/{}/events/{}:{stream}",
        group.account, group.region, group.name
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_widen_the_streams_span() {
        let mut stream = StreamDocument::new(1);
        stream.note(50, 60);
        stream.note(40, 70);
        assert_eq!(
            (
                stream.first_event_ms,
                stream.last_event_ms,
                stream.last_ingestion_ms
            ),
            (Some(40), Some(50), Some(70))
        );
    }
}
