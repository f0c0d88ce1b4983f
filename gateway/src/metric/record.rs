//! What happened to a function, as data points. Pure: takes facts, returns points.

use std::time::Duration;

use invoker::ColdStart;

use crate::function::FunctionKey;

/// One data point.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Such as `AWS/Lambda`.
    pub namespace: String,
    /// Such as `Duration`.
    pub name: String,
    /// Sorted by name.
    pub dimensions: Vec<(String, String)>,
    /// Such as `Milliseconds`.
    pub unit: String,
    /// Milliseconds since the epoch.
    pub time_ms: i64,
    /// The value.
    pub value: f64,
}

/// Which function, and the qualifier by which it was called (dimension `Resource`: `name` or `name:qualifier`).
#[derive(Clone, Debug)]
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

/// The data points of one fact.
pub fn points(_subject: &Subject<'_>, _time_ms: i64, _fact: &Fact) -> Vec<Point> {
    todo!("telemetry")
}
