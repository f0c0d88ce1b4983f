//! Metric series: what is recorded, and its statistics. Knows no HTTP.

use std::sync::Arc;

pub mod record;

/// Metric series of every account.
pub struct Metrics;

impl Metrics {
    /// Adds data points to the series of an account in a region; never blocks.
    pub fn record(&self, _account: &str, _region: &str, _points: Vec<record::Point>) {
        todo!("telemetry")
    }

    /// Takes the metrics out of a log line in Embedded Metric Format; any other line is ignored at the cost of a byte search.
    pub fn embedded(&self, _account: &str, _region: &str, _time_ms: i64, _line: &str) {
        todo!("telemetry")
    }

    /// Writes what is buffered to the store.
    pub async fn flush(self: &Arc<Self>) {
        todo!("telemetry")
    }
}
