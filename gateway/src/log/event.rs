//! A log event, and its form in the journal: eight bytes of ingestion time, then the text.

use bytes::{BufMut as _, Bytes, BytesMut};

use crate::store::Record;

/// What an event counts beside its text, as AWS counts it.
const OVERHEAD_BYTES: usize = 26;
/// The ingestion time's place in a record, milliseconds since the epoch, big endian.
const INGESTED_BYTES: usize = 8;

/// One log event to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEvent {
    /// Milliseconds since the epoch.
    pub time_ms: i64,
    /// The text.
    pub message: String,
}

impl LogEvent {
    /// Its size as AWS counts it.
    pub fn size_bytes(&self) -> usize {
        self.message.len() + OVERHEAD_BYTES
    }

    /// Its form in the journal.
    pub(super) fn encode(&self, ingested_ms: i64) -> Bytes {
        let mut body = BytesMut::with_capacity(INGESTED_BYTES + self.message.len());
        body.put_i64(ingested_ms);
        body.put_slice(self.message.as_bytes());
        body.freeze()
    }
}

/// An event as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its place in the journal; with the time, its identity.
    pub sequence: u64,
    /// When it came in, milliseconds since the epoch.
    pub ingested_ms: i64,
    /// The event.
    pub event: LogEvent,
}

impl StoredEvent {
    /// 56 digits, ordered as (time, sequence): the same on every page and after every restart.
    pub fn id(&self) -> String {
        format!("{:020}{:036}", self.event.time_ms, self.sequence)
    }

    /// Where it lies among all events.
    pub fn position(&self) -> (i64, u64) {
        (self.event.time_ms, self.sequence)
    }

    /// Reads a record of the journal; one that is too short for an ingestion time is taken for text that came in at its
    /// own time.
    pub(super) fn decode(record: &Record) -> Self {
        let (ingested_ms, text) = match record.body.split_first_chunk::<INGESTED_BYTES>() {
            Some((ingested, text)) => (i64::from_be_bytes(*ingested), text),
            None => (record.time_ms, &record.body[..]),
        };
        Self {
            sequence: record.sequence,
            ingested_ms,
            event: LogEvent {
                time_ms: record.time_ms,
                message: String::from_utf8_lossy(text).into_owned(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(time_ms: i64, sequence: u64, ingested_ms: i64, message: String) {
            let event = LogEvent { time_ms, message };
            let body = event.encode(ingested_ms);
            let stored = StoredEvent::decode(&Record { sequence, time_ms, body });
            prop_assert_eq!(stored, StoredEvent { sequence, ingested_ms, event });
        }

        #[test]
        fn any_bytes_decode(body: Vec<u8>) {
            StoredEvent::decode(&Record { sequence: 1, time_ms: 2, body: body.into() });
        }
    }

    #[test]
    fn ids_are_ordered_as_events_are() {
        let at = |time_ms, sequence| StoredEvent {
            sequence,
            ingested_ms: 0,
            event: LogEvent {
                time_ms,
                message: String::new(),
            },
        };
        let ids = [at(1, 9), at(2, 1), at(2, 10), at(10, 2)].map(|event| event.id());
        assert!(ids.is_sorted());
        assert_eq!(ids[0].len(), 56);
    }
}
