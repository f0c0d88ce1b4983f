//! Metric series: what is recorded, and its statistics.

/// Metric series of every account.
pub struct Metrics;
