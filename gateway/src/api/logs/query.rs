//! What the operations on queries say alike.

use crate::log::QueryStatus;

/// The only language that queries are in.
pub(super) const LANGUAGE: &str = "CWLI";

/// A status in the model's word.
pub(super) fn status(status: QueryStatus) -> &'static str {
    match status {
        QueryStatus::Scheduled => "Scheduled",
        QueryStatus::Running => "Running",
        QueryStatus::Complete => "Complete",
        QueryStatus::Failed => "Failed",
        QueryStatus::Cancelled => "Cancelled",
        QueryStatus::TimedOut => "Timeout",
    }
}
