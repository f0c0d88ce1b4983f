//! Takes one invocation's output: into its log stream, its tail, and (Embedded Metric Format) its metrics.
//!
//! Lines are handed on in batches, in order; START comes before the first of them. Never blocks: [`Logs::write`] returns at once.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use invoker::{Ending, OutputLine, OutputSink, Usage};

use super::report::{self, Subject};
use super::streams::Streams;
use crate::clock::{Clock, millis};
use crate::function::{FunctionVersion, LogFormat};
use crate::log::{GroupKey, LogEvent, Logs};
use crate::metric::Metrics;

/// Size of the tail that `X-Amz-Log-Result` carries.
const TAIL_BYTES: usize = 4096;
/// A batch is handed on when it has as many lines.
const BATCH_LINES: usize = 64;
/// A batch is handed on when it is as large.
const BATCH_BYTES: usize = 64 * 1024;

/// Where lines go.
#[derive(Clone)]
pub(super) struct Destinations {
    pub(super) logs: Arc<Logs>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) streams: Arc<Streams>,
    pub(super) clock: Clock,
}

/// One invocation's output.
pub(super) struct LogSink {
    version: Arc<FunctionVersion>,
    request_id: String,
    group: GroupKey,
    destinations: Destinations,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    stream: Option<String>,
    batch: Vec<LogEvent>,
    batch_bytes: usize,
    tail: Vec<u8>,
}

impl State {
    fn push(&mut self, time_ms: i64, message: String) {
        self.tail.extend_from_slice(message.as_bytes());
        if !message.ends_with('\n') {
            self.tail.push(b'\n');
        }
        if self.tail.len() > 2 * TAIL_BYTES {
            self.tail.drain(..self.tail.len() - TAIL_BYTES);
        }
        self.batch_bytes += message.len();
        self.batch.push(LogEvent { time_ms, message });
    }

    fn is_full(&self) -> bool {
        self.batch.len() >= BATCH_LINES || self.batch_bytes >= BATCH_BYTES
    }
}

impl LogSink {
    pub(super) fn new(
        version: Arc<FunctionVersion>,
        request_id: String,
        destinations: Destinations,
    ) -> Self {
        let group = GroupKey {
            account: version.key.account.clone(),
            region: version.key.region.clone(),
            name: version.configuration.log_group.clone(),
        };
        Self {
            version,
            request_id,
            group,
            destinations,
            state: Mutex::default(),
        }
    }

    fn subject(&self) -> Subject<'_> {
        Subject {
            version: &self.version,
            request_id: &self.request_id,
        }
    }

    fn with_state<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn hand_on(&self, state: &mut State) {
        if let Some(stream) = &state.stream
            && !state.batch.is_empty()
        {
            let batch = std::mem::take(&mut state.batch);
            state.batch_bytes = 0;
            self.destinations.logs.write(&self.group, stream, batch);
        }
    }

    /// Hands on what is batched.
    pub(super) fn flush(&self) {
        self.with_state(|state| self.hand_on(state));
    }

    /// The log stream, once a sandbox is known.
    pub(super) fn stream(&self) -> Option<String> {
        self.with_state(|state| state.stream.clone())
    }

    /// Writes the closing lines; answers the tail.
    pub(super) fn finish(&self, sandbox: &str, ending: &Ending, usage: &Usage) -> Bytes {
        if self.with_state(|state| state.stream.is_none()) {
            self.started(sandbox, usage.cold_start.is_some());
        }
        let now_ms = self.destinations.clock.now_ms();
        let lines = report::closing(self.subject(), now_ms, ending, usage);
        self.with_state(|state| {
            for line in lines {
                state.push(now_ms, line);
            }
            self.hand_on(state);
            let tail = std::mem::take(&mut state.tail);
            Bytes::copy_from_slice(&tail[tail.len().saturating_sub(TAIL_BYTES)..])
        })
    }

    fn is_wanted(&self, text: &str) -> bool {
        let configuration = &self.version.configuration;
        match &configuration.application_log_level {
            Some(minimum) if configuration.log_format == LogFormat::Json => {
                level_of(text).is_none_or(|level| level >= rank(minimum))
            }
            _ => true,
        }
    }
}

impl OutputSink for LogSink {
    fn started(&self, sandbox: &str, cold: bool) {
        let now_ms = self.destinations.clock.now_ms();
        let streams = &self.destinations.streams;
        let stream = streams.name(sandbox, &self.version.version, now_ms);
        let lines = report::opening(self.subject(), now_ms, cold);
        self.with_state(|state| {
            self.hand_on(state);
            if state.stream.replace(stream).is_none() {
                for line in lines {
                    state.push(now_ms, line);
                }
            }
        });
    }

    fn line(&self, line: OutputLine) {
        if !self.is_wanted(&line.text) {
            return;
        }
        let time_ms = millis(line.time);
        let key = &self.version.key;
        let metrics = &self.destinations.metrics;
        metrics.embedded(&key.account, &key.region, time_ms, &line.text);
        let mut message = line.text;
        message.push('\n');
        self.with_state(|state| {
            state.push(time_ms, message);
            if state.is_full() {
                self.hand_on(state);
            }
        });
    }

    fn dropped(&self, records: u64, bytes: u64) {
        let now_ms = self.destinations.clock.now_ms();
        let message = report::logs_dropped(now_ms, records, bytes);
        self.with_state(|state| state.push(now_ms, message));
    }
}

/// The rank of a JSON record's level; `None` for any other line.
fn level_of(text: &str) -> Option<usize> {
    #[derive(serde::Deserialize)]
    struct Leveled {
        level: String,
    }
    if !text.starts_with('{') {
        return None;
    }
    let record: Leveled = serde_json::from_str(text).ok()?;
    Some(rank(&record.level))
}

fn rank(level: &str) -> usize {
    match level.to_ascii_uppercase().as_str() {
        "TRACE" => 0,
        "DEBUG" => 1,
        "WARN" | "WARNING" => 3,
        "ERROR" => 4,
        "FATAL" | "CRITICAL" => 5,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_keeps_the_end() {
        let mut state = State::default();
        for number in 0..10_000 {
            state.push(0, format!("line {number}\n"));
            assert!(state.tail.len() <= 2 * TAIL_BYTES);
        }
        assert!(state.tail.ends_with(b"line 9999\n"));
        assert!(state.is_full());
    }

    #[test]
    fn levels_are_read_from_json_records_only() {
        assert_eq!(level_of("plain"), None);
        assert_eq!(level_of(r#"{"a":1}"#), None);
        assert!(level_of(r#"{"level":"WARNING","message":"x"}"#) > Some(rank("INFO")));
    }
}
