//! CloudWatch Logs Insights' query language, the subset that people use. Pure.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html>
//!
//! ```text
//! text ─ scanner → tokens ─ parser → Query (syntax.rs) ─→ Pipeline ←─ events
//!                                                            │ filter · fields · parse: one row at a time
//!                                                            │ sort · dedup · limit · stats: collect, within a budget
//!                                                            ▼
//!                                                          rows of (column, text)
//! ```
//! A row's fields are looked up where they are used: what the query computed, then what every event has (`@message`), then what
//! is discovered in its text (JSON, Lambda's REPORT). `pattern`, `diff`, `anomaly`, `unmask`, `join` and the like are refused.

mod aggregate;
mod discovery;
mod evaluate;
mod extract;
mod function;
mod parser;
mod period;
mod pipeline;
mod row;
mod scanner;
mod syntax;
#[cfg(test)]
mod tests;
mod value;

pub use pipeline::{Exhausted, Pipeline, ResultRow};
pub use row::Source;
pub use syntax::Query;

/// The most rows that a query answers: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html>.
pub const MAX_ROWS: usize = 100_000;

/// Why a query is not understood, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at line {line} and position {start}")]
pub struct QueryError {
    /// What is wrong.
    pub message: String,
    /// The line, from 1 on.
    pub line: usize,
    /// The first character that is wrong, counted in characters from the query's start.
    pub start: usize,
    /// The character behind the last one that is wrong.
    pub end: usize,
}
