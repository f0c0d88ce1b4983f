//! Which events of a PutLogEvents batch are taken: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html>.
//!
//! Pure. A batch is refused whole for its order, its size or its span; single events are rejected for their time.

use std::ops::Range;

use super::event::LogEvent;
use super::retention::DAY_MS;

/// The largest batch, as AWS counts it.
pub const BATCH_BYTES: usize = 1_048_576;
/// Older events are rejected.
const MOST_AGE_MS: i64 = 14 * DAY_MS;
/// Events further in the future are rejected.
const MOST_LEAD_MS: i64 = 2 * 60 * 60 * 1000;
/// The accepted events of a batch lie within this time.
const MOST_SPAN_MS: i64 = DAY_MS;

/// Why a batch is refused whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// An event is older than the one before it.
    #[error("Log events in a single PutLogEvents request must be in chronological order.")]
    Unordered,
    /// It is larger than [`BATCH_BYTES`].
    #[error("Upload too large: {size_bytes} bytes exceeds limit of {BATCH_BYTES}")]
    TooLarge {
        /// As AWS counts it.
        size_bytes: usize,
    },
    /// Its events lie too far apart.
    #[error(
        "The batch of log events in a single PutLogEvents request cannot span more than 24 hours."
    )]
    TooLong,
}

/// What becomes of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// The events that are taken.
    pub accepted: Range<usize>,
    /// Events before this index are older than any group takes.
    pub too_old_end: Option<usize>,
    /// Events before this index are older than the group keeps.
    pub expired_end: Option<usize>,
    /// Events from this index on are too far in the future.
    pub too_new_start: Option<usize>,
}

/// Judges a batch that came in at `now_ms` for a group that keeps events from `kept_from_ms` on.
///
/// # Errors
/// See [`BatchError`].
pub(super) fn judge(
    events: &[LogEvent],
    now_ms: i64,
    kept_from_ms: i64,
) -> Result<Acceptance, BatchError> {
    if !events.is_sorted_by_key(|event| event.time_ms) {
        return Err(BatchError::Unordered);
    }
    let size_bytes = events.iter().map(LogEvent::size_bytes).sum();
    if size_bytes > BATCH_BYTES {
        return Err(BatchError::TooLarge { size_bytes });
    }
    let before = |time_ms: i64| events.partition_point(|event| event.time_ms < time_ms);
    let too_old_end = before(now_ms.saturating_sub(MOST_AGE_MS));
    let expired_end = before(kept_from_ms);
    let too_new_start = before(now_ms.saturating_add(MOST_LEAD_MS).saturating_add(1));
    let start = too_old_end.max(expired_end);
    let accepted = start..too_new_start.max(start);
    if let [first, .., last] = &events[accepted.clone()]
        && last.time_ms.saturating_sub(first.time_ms) > MOST_SPAN_MS
    {
        return Err(BatchError::TooLong);
    }
    Ok(Acceptance {
        accepted,
        too_old_end: (too_old_end > 0).then_some(too_old_end),
        expired_end: (expired_end > 0).then_some(expired_end),
        too_new_start: (too_new_start < events.len()).then_some(too_new_start),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 100 * DAY_MS;

    fn judged(times_ms: &[i64], kept_from_ms: i64) -> Result<Acceptance, BatchError> {
        let events: Vec<LogEvent> = times_ms
            .iter()
            .map(|time_ms| LogEvent {
                time_ms: *time_ms,
                message: "x".to_owned(),
            })
            .collect();
        judge(&events, NOW_MS, kept_from_ms)
    }

    #[test]
    fn times_out_of_bounds_are_rejected_one_by_one() {
        let times_ms = [
            NOW_MS - 15 * DAY_MS,
            NOW_MS - 3 * DAY_MS,
            NOW_MS,
            NOW_MS + MOST_LEAD_MS,
            NOW_MS + MOST_LEAD_MS + 1,
        ];
        let acceptance = judged(&times_ms, NOW_MS - 2 * DAY_MS).unwrap();
        let expected = Acceptance {
            accepted: 2..4,
            too_old_end: Some(1),
            expired_end: Some(2),
            too_new_start: Some(4),
        };
        assert_eq!(acceptance, expected);
    }

    #[test]
    fn nothing_may_be_accepted() {
        assert_eq!(judged(&[1, 2], i64::MIN).unwrap().accepted, 2..2);
        let acceptance = judged(&[NOW_MS + DAY_MS], NOW_MS + 2 * DAY_MS).unwrap();
        assert!(acceptance.accepted.is_empty());
    }

    #[test]
    fn order_size_and_span_are_the_batchs() {
        assert_eq!(judged(&[2, 1], 0), Err(BatchError::Unordered));
        let apart = [NOW_MS - DAY_MS - 1, NOW_MS];
        assert_eq!(judged(&apart, 0), Err(BatchError::TooLong));
        let large = LogEvent {
            time_ms: NOW_MS,
            message: "x".repeat(BATCH_BYTES),
        };
        assert_eq!(
            judge(&[large], NOW_MS, 0),
            Err(BatchError::TooLarge {
                size_bytes: BATCH_BYTES + 26
            })
        );
    }
}
