//! Log groups, streams and events. Knows no HTTP.

use std::sync::Arc;

/// Names a log group.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupKey {
    /// Twelve digits.
    pub account: String,
    /// Such as `us-east-1`.
    pub region: String,
    /// Such as `/aws/lambda/hello`.
    pub name: String,
}

/// One log event to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEvent {
    /// Milliseconds since the epoch.
    pub time_ms: i64,
    /// The text.
    pub message: String,
}

/// Log groups, streams and events of every account.
pub struct Logs;

impl Logs {
    /// Takes events for a stream, in order, and returns at once; group and stream are made on their first event. The events
    /// are visible to readers at once and on disk soon after; a bounded buffer drops (and counts) what the disk cannot follow.
    pub fn write(&self, _group: &GroupKey, _stream: &str, _events: Vec<LogEvent>) {
        todo!("telemetry")
    }

    /// Writes what is buffered to the store.
    pub async fn flush(self: &Arc<Self>) {
        todo!("telemetry")
    }
}
