//! What happened to a function, as samples of the catalog's metrics. Pure: takes facts, answers samples.

use std::time::Duration;

use invoker::{ColdStart, ColdStartReason, StartPath};

use super::catalog::{Dimension, Metric};
use crate::function::FunctionKey;

/// Which function, and the qualifier by which it was called (dimension `Resource`: `name` or `name:qualifier`).
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The function.
    pub function: &'a FunctionKey,
    /// The alias or version that the caller named.
    pub qualifier: Option<&'a str>,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum Fact {
    /// An invocation ended.
    Invoked {
        /// The handler's time.
        duration: Duration,
        /// Whether it ended in an error of the function's.
        error: bool,
        /// Present when the call started its sandbox.
        cold_start: Option<ColdStart>,
    },
    /// An invocation that began could not be run, by a fault of ours.
    NotRun,
    /// An invocation was refused for lack of concurrency.
    Throttled,
    /// An invocation began: how many now run, of the function and of the account, and how many of those without a reservation.
    Running {
        /// Of the function.
        function: u32,
        /// Of the account in the region.
        account: u32,
        /// Of the account, functions without reserved concurrency.
        unreserved: u32,
    },
    /// An asynchronous event was accepted.
    AsyncReceived,
    /// An asynchronous event was tried, this long after it was accepted.
    AsyncAge(Duration),
    /// An asynchronous event was given up.
    AsyncDropped,
}

/// Whose series a sample belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The function's and the account's.
    Both,
    /// The function's alone.
    Function,
    /// The account's alone.
    Account,
}

/// What a sample is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The metric.
    pub metric: Metric,
    /// Whose series.
    pub scope: Scope,
    /// What a series must be narrowed to, to take it.
    pub narrowed: Narrowed,
}

/// By which further dimension a series is narrowed, and to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Narrowed {
    /// By none.
    No,
    /// By `Reason`.
    ToReason(ColdStartReason),
    /// By `StartPath`.
    ToPath(StartPath),
}

impl Kind {
    /// Whether a series with this set of dimensions takes the sample.
    pub fn takes(&self, dimensions: &[Dimension]) -> bool {
        let of_function = dimensions
            .iter()
            .any(|dimension| matches!(dimension, Dimension::FunctionName | Dimension::Resource));
        let scope = match self.scope {
            Scope::Both => true,
            Scope::Function => of_function,
            Scope::Account => !of_function,
        };
        let by_reason = matches!(self.narrowed, Narrowed::ToReason(_));
        let by_path = matches!(self.narrowed, Narrowed::ToPath(_));
        scope
            && dimensions.contains(&Dimension::Reason) == by_reason
            && dimensions.contains(&Dimension::StartPath) == by_path
    }
}

/// `time` as fractional milliseconds.
pub(super) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Hands the samples of a fact to `each`.
pub(super) fn samples(fact: &Fact, mut each: impl FnMut(Kind, f64)) {
    let mut sample = |metric, scope, value: f64| {
        let kind = Kind {
            metric,
            scope,
            narrowed: Narrowed::No,
        };
        each(kind, value);
    };
    match fact {
        Fact::Invoked {
            duration, error, ..
        } => {
            sample(Metric::Invocations, Scope::Both, 1.0);
            sample(Metric::Errors, Scope::Both, f64::from(u8::from(*error)));
            sample(Metric::Duration, Scope::Both, milliseconds(*duration));
        }
        Fact::NotRun => {}
        Fact::Throttled => sample(Metric::Throttles, Scope::Both, 1.0),
        Fact::Running {
            function,
            account,
            unreserved,
        } => {
            sample(Metric::Throttles, Scope::Both, 0.0);
            let running = Metric::ConcurrentExecutions;
            sample(running, Scope::Function, f64::from(*function));
            sample(running, Scope::Account, f64::from(*account));
            let unreserved = f64::from(*unreserved);
            let metric = Metric::UnreservedConcurrentExecutions;
            sample(metric, Scope::Account, unreserved);
        }
        Fact::AsyncReceived => sample(Metric::AsyncEventsReceived, Scope::Both, 1.0),
        Fact::AsyncAge(age) => sample(Metric::AsyncEventAge, Scope::Both, milliseconds(*age)),
        Fact::AsyncDropped => sample(Metric::AsyncEventsDropped, Scope::Both, 1.0),
    }
    if let Fact::Invoked {
        cold_start: Some(cold),
        ..
    } = fact
    {
        for narrowed in [
            Narrowed::No,
            Narrowed::ToReason(cold.reason),
            Narrowed::ToPath(cold.path),
        ] {
            let kind = |metric| Kind {
                metric,
                scope: Scope::Both,
                narrowed,
            };
            each(kind(Metric::ColdStarts), 1.0);
            each(kind(Metric::InitDuration), milliseconds(cold.init));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(fact: &Fact) -> Vec<(Metric, f64)> {
        let mut found = Vec::new();
        samples(fact, |kind, value| found.push((kind.metric, value)));
        found
    }

    #[test]
    fn a_success_counts_as_no_error() {
        let fact = Fact::Invoked {
            duration: Duration::from_micros(1_500),
            error: false,
            cold_start: None,
        };
        let expected = [
            (Metric::Invocations, 1.0),
            (Metric::Errors, 0.0),
            (Metric::Duration, 1.5),
        ];
        assert_eq!(listed(&fact), expected);
    }

    #[test]
    fn a_cold_start_is_counted_with_and_without_its_reason_and_path() {
        let fact = Fact::Invoked {
            duration: Duration::ZERO,
            error: true,
            cold_start: Some(ColdStart {
                start: Duration::ZERO,
                init: Duration::from_millis(20),
                reason: ColdStartReason::ScaleOut,
                path: StartPath::PoolHit,
            }),
        };
        let cold = |metric| {
            let mut found = Vec::new();
            samples(&fact, |kind, _| {
                if kind.metric == metric {
                    found.push(kind.narrowed);
                }
            });
            found
        };
        let each = [
            Narrowed::No,
            Narrowed::ToReason(ColdStartReason::ScaleOut),
            Narrowed::ToPath(StartPath::PoolHit),
        ];
        assert_eq!(cold(Metric::ColdStarts), each);
        assert_eq!(cold(Metric::InitDuration), each);
        assert_eq!(cold(Metric::Errors), [Narrowed::No]);
    }
}
