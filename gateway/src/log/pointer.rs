//! `@ptr`: names one event, as opaque text that stays valid for as long as the event is kept.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::insights::Source;

/// Names an event of the caller's account and region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventPointer {
    /// The group's name.
    pub group: String,
    /// The stream's name.
    pub stream: String,
    /// Milliseconds since the epoch.
    pub time_ms: i64,
    /// The event's place in the journal.
    pub sequence: u64,
}

impl EventPointer {
    pub(super) fn of(source: &Source) -> Self {
        Self {
            group: source.group.name.clone(),
            stream: source.stream.to_string(),
            time_ms: source.time_ms,
            sequence: source.sequence,
        }
    }

    /// As text.
    pub fn encode(&self) -> String {
        let json = serde_json::to_vec(self).expect("a pointer serialises: numbers and text");
        URL_SAFE_NO_PAD.encode(json)
    }

    /// From text; `None` where it is none of ours.
    pub fn decode(text: &str) -> Option<Self> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(group: String, stream: String, time_ms: i64, sequence: u64) {
            let pointer = EventPointer { group, stream, time_ms, sequence };
            prop_assert_eq!(EventPointer::decode(&pointer.encode()), Some(pointer));
        }

        #[test]
        fn any_text_decodes_or_does_not(text: String) {
            EventPointer::decode(&text);
        }
    }
}
