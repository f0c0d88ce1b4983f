//! Which log stream a sandbox writes to: named by the day of its start, for as long as it lives.
//!
//! Bounded: the least recently used names are forgotten first; a sandbox whose name was forgotten goes on under the present day.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::environment::stream_name;
use super::report::date;

/// Names kept at most.
const MAX_STREAMS: usize = 16_384;

/// The log streams of the sandboxes seen lately.
#[derive(Default)]
pub(super) struct Streams {
    by_sandbox: Mutex<HashMap<String, Stream>>,
}

struct Stream {
    name: String,
    used_ms: i64,
}

impl Streams {
    /// The stream of `sandbox`, which runs `version`.
    pub(super) fn name(&self, sandbox: &str, version: &str, now_ms: i64) -> String {
        let mut streams = self
            .by_sandbox
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(stream) = streams.get_mut(sandbox) {
            stream.used_ms = now_ms;
            return stream.name.clone();
        }
        if streams.len() >= MAX_STREAMS {
            forget_older_half(&mut streams);
        }
        let name = stream_name(&date(now_ms), version, &sandbox.replace('-', ""));
        let stream = Stream {
            name: name.clone(),
            used_ms: now_ms,
        };
        streams.insert(sandbox.to_owned(), stream);
        name
    }
}

fn forget_older_half(streams: &mut HashMap<String, Stream>) {
    let mut ages: Vec<i64> = streams.values().map(|stream| stream.used_ms).collect();
    let middle = ages.len() / 2;
    let (_, median_ms, _) = ages.select_nth_unstable(middle);
    let median_ms = *median_ms;
    let mut surplus = middle;
    streams.retain(|_, stream| {
        let forget = surplus > 0 && stream.used_ms <= median_ms;
        surplus -= usize::from(forget);
        !forget
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 86_400_000;

    #[test]
    fn a_sandbox_keeps_its_stream_past_midnight() {
        let streams = Streams::default();
        let name = streams.name("ab-cd", "$LATEST", 0);
        assert_eq!(name, "1970/01/01/[$LATEST]abcd");
        assert_eq!(streams.name("ab-cd", "$LATEST", DAY_MS), name);
        assert_eq!(streams.name("ef", "7", DAY_MS), "1970/01/02/[7]ef");
    }

    #[test]
    fn the_number_of_names_is_bounded() {
        let streams = Streams::default();
        for number in 0..MAX_STREAMS + 1 {
            streams.name(&number.to_string(), "1", 0);
        }
        let kept = streams.by_sandbox.lock().unwrap().len();
        assert!(kept <= MAX_STREAMS / 2 + 1);
    }
}
