//! What becomes of an asynchronous event after an attempt. Pure.
//!
//! A function's own failure is retried a fixed number of times; a throttle or a fault of ours is retried with growing delays
//! and does not count as an attempt; both end when the event is too old.
//! <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>

use std::time::Duration;

/// First delay after a throttle or a fault.
const FIRST_BACKOFF: Duration = Duration::from_secs(1);
/// Longest delay after a throttle or a fault.
const LONGEST_BACKOFF: Duration = Duration::from_secs(300);

/// How persistent the queue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How old an event may become.
    pub max_age: Duration,
    /// How often a failing function is tried again.
    pub retries: u32,
    /// Delay before the first retry; the second waits twice as long.
    pub delay: Duration,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The handler returned.
    Succeeded,
    /// The function failed.
    FunctionFailed,
    /// It was not run: throttled, or a fault of ours.
    NotRun,
    /// The function exists no more.
    FunctionGone,
}

/// What an event has been through, the last attempt not included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct History {
    /// How often the function failed.
    pub failures: u32,
    /// How often in a row it was not run.
    pub not_run: u32,
}

/// What to do with the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Done: remove it.
    Ack,
    /// Try again at this time (milliseconds since the epoch), with this history.
    RetryAt(i64, History),
    /// Given up: remove it and count it as dropped.
    Drop,
}

/// Decides at `now_ms` on an event accepted at `accepted_ms`.
pub fn decide(
    policy: Policy,
    accepted_ms: i64,
    now_ms: i64,
    history: History,
    attempt: Attempt,
) -> Decision {
    let (delay, history) = match attempt {
        Attempt::Succeeded => return Decision::Ack,
        Attempt::FunctionGone => return Decision::Drop,
        Attempt::FunctionFailed if history.failures >= policy.retries => return Decision::Drop,
        Attempt::FunctionFailed => {
            let failures = history.failures + 1;
            let history = History {
                failures,
                not_run: 0,
            };
            (policy.delay.saturating_mul(failures), history)
        }
        Attempt::NotRun => {
            let delay = FIRST_BACKOFF.saturating_mul(1 << history.not_run.min(16));
            let not_run = history.not_run.saturating_add(1);
            (delay.min(LONGEST_BACKOFF), History { not_run, ..history })
        }
    };
    let due_ms = now_ms.saturating_add(whole_ms(delay));
    if due_ms.saturating_sub(accepted_ms) > whole_ms(policy.max_age) {
        Decision::Drop
    } else {
        Decision::RetryAt(due_ms, history)
    }
}

fn whole_ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const POLICY: Policy = Policy {
        max_age: Duration::from_secs(6 * 3600),
        retries: 2,
        delay: Duration::from_secs(60),
    };

    #[test]
    fn a_failing_function_runs_three_times() {
        let first = decide(POLICY, 0, 0, History::default(), Attempt::FunctionFailed);
        let Decision::RetryAt(60_000, history) = first else {
            panic!("{first:?}")
        };
        let second = decide(POLICY, 0, 60_000, history, Attempt::FunctionFailed);
        let Decision::RetryAt(180_000, history) = second else {
            panic!("{second:?}")
        };
        let third = decide(POLICY, 0, 180_000, history, Attempt::FunctionFailed);
        assert_eq!(third, Decision::Drop);
    }

    #[test]
    fn a_throttle_costs_no_attempt() {
        let history = History {
            failures: 2,
            not_run: 3,
        };
        let decision = decide(POLICY, 0, 10, history, Attempt::NotRun);
        let expected = History {
            failures: 2,
            not_run: 4,
        };
        assert_eq!(decision, Decision::RetryAt(8_010, expected));
    }

    proptest! {
        #[test]
        fn every_event_ends(attempts in proptest::collection::vec(0u8..2, 1_000)) {
            let (mut now_ms, mut history, mut runs) = (0, History::default(), 0);
            let mut ended = false;
            for attempt in attempts {
                let attempt = if attempt == 0 { Attempt::FunctionFailed } else { Attempt::NotRun };
                runs += u32::from(attempt == Attempt::FunctionFailed);
                match decide(POLICY, 0, now_ms, history, attempt) {
                    Decision::RetryAt(due_ms, next) => {
                        prop_assert!(due_ms > now_ms && due_ms <= whole_ms(POLICY.max_age));
                        (now_ms, history) = (due_ms, next);
                    }
                    Decision::Ack => prop_assert!(false, "a failure is never a success"),
                    Decision::Drop => { ended = true; break; }
                }
            }
            prop_assert!(ended && runs <= 3);
        }
    }
}
