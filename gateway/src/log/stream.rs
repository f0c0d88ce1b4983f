//! What a log stream is: its document.
//!
//! The document's span (first and last event) is widened before the events are appended, so that it never excludes an
//! event that is there; a search asks only the streams whose span meets its range.

use serde::{Deserialize, Serialize};

use super::group::new_id;

/// What is known of a stream beside its events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamDocument {
    /// Its events hang on this.
    pub(super) id: String,
    /// When it was made, milliseconds since the epoch.
    pub created_ms: i64,
    /// The oldest event's time.
    pub first_event_ms: Option<i64>,
    /// The newest event's time.
    pub last_event_ms: Option<i64>,
    /// When events last came in.
    pub last_ingestion_ms: Option<i64>,
    /// How many events it holds, roughly.
    pub(super) events: u64,
    /// What its events take, roughly.
    pub(super) stored_bytes: u64,
}

impl StreamDocument {
    /// A stream with no event yet.
    pub(super) fn new(created_ms: i64) -> Self {
        Self {
            id: new_id(),
            created_ms,
            first_event_ms: None,
            last_event_ms: None,
            last_ingestion_ms: None,
            events: 0,
            stored_bytes: 0,
        }
    }

    /// Notes an event of `size_bytes` that came in at `ingested_ms`.
    pub(super) fn note(&mut self, time_ms: i64, ingested_ms: i64, size_bytes: u64) {
        self.first_event_ms = Some(self.first_event_ms.map_or(time_ms, |old| old.min(time_ms)));
        self.last_event_ms = Some(self.last_event_ms.map_or(time_ms, |old| old.max(time_ms)));
        self.last_ingestion_ms = Some(ingested_ms);
        self.events = self.events.saturating_add(1);
        self.stored_bytes = self.stored_bytes.saturating_add(size_bytes);
    }

    /// Notes that `removed` of its oldest events are gone and the oldest is now of `first_ms`; answers the bytes that this
    /// frees, taking every event for equally large.
    pub(super) fn forget(&mut self, removed: u64, first_ms: Option<i64>) -> u64 {
        let freed_bytes = match first_ms {
            None => self.stored_bytes,
            Some(_) => {
                let share = self.stored_bytes / self.events.max(1);
                share.saturating_mul(removed).min(self.stored_bytes)
            }
        };
        self.stored_bytes -= freed_bytes;
        self.events = match first_ms {
            None => 0,
            Some(_) => self.events.saturating_sub(removed),
        };
        self.first_event_ms = first_ms;
        if first_ms.is_none() {
            self.last_event_ms = None;
        }
        freed_bytes
    }

    /// Whether an event of `from_ms..to_ms` can be in it.
    pub(super) fn meets(&self, from_ms: i64, to_ms: i64) -> bool {
        match (self.first_event_ms, self.last_event_ms) {
            (Some(first_ms), Some(last_ms)) => first_ms < to_ms && last_ms >= from_ms,
            _ => false,
        }
    }

    /// The name of its events in the journal.
    pub(super) fn journal_key(&self) -> String {
        journal_key(&self.id)
    }
}

/// The name of a stream's events in the journal.
pub(super) fn journal_key(stream_id: &str) -> String {
    format!("log/{stream_id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_widen_the_streams_span() {
        let mut stream = StreamDocument::new(1);
        assert!(!stream.meets(i64::MIN, i64::MAX));
        stream.note(50, 60, 10);
        stream.note(40, 70, 30);
        assert_eq!(
            (
                stream.first_event_ms,
                stream.last_event_ms,
                stream.last_ingestion_ms
            ),
            (Some(40), Some(50), Some(70))
        );
        assert!(stream.meets(50, 51) && stream.meets(0, 41));
        assert!(!stream.meets(51, 99) && !stream.meets(0, 40));
    }

    #[test]
    fn what_expires_frees_its_share() {
        let mut stream = StreamDocument::new(1);
        for time_ms in 0..4 {
            stream.note(time_ms, 60, 10);
        }
        assert_eq!(stream.forget(1, Some(1)), 10);
        assert_eq!((stream.events, stream.stored_bytes), (3, 30));
        assert_eq!(stream.forget(3, None), 30);
        assert_eq!(
            (stream.events, stream.first_event_ms, stream.last_event_ms),
            (0, None, None)
        );
    }
}
