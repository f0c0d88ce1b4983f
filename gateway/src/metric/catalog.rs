//! Every metric of hearth's own: name, unit, meaning, dimensions. What is not here cannot be recorded.
//!
//! The first nine are AWS Lambda's: <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html>.
//! `InitDuration` and `ColdStarts` are hearth's, because a cold start and its reason are what its users tune.

use invoker::{ColdStartReason, StartPath};

use super::unit::Unit;

/// The namespace of every metric here.
pub const NAMESPACE: &str = "AWS/Lambda";

/// A dimension of hearth's own metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// The function's bare name.
    FunctionName,
    /// `name`, or `name:qualifier` as the caller named it.
    Resource,
    /// Why a sandbox was started.
    Reason,
    /// How it came to be.
    StartPath,
}

impl Dimension {
    /// The dimension's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::FunctionName => "FunctionName",
            Self::Resource => "Resource",
            Self::Reason => "Reason",
            Self::StartPath => "StartPath",
        }
    }
}

/// A metric of hearth's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// See its [`Definition`], as for all of them.
    Invocations,
    /// See its [`Definition`].
    Errors,
    /// See its [`Definition`].
    Throttles,
    /// See its [`Definition`].
    Duration,
    /// See its [`Definition`].
    ConcurrentExecutions,
    /// See its [`Definition`].
    UnreservedConcurrentExecutions,
    /// See its [`Definition`].
    AsyncEventsReceived,
    /// See its [`Definition`].
    AsyncEventAge,
    /// See its [`Definition`].
    AsyncEventsDropped,
    /// See its [`Definition`].
    InitDuration,
    /// See its [`Definition`].
    ColdStarts,
}

/// What a metric is.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// As AWS writes it.
    pub name: &'static str,
    /// Of its values.
    pub unit: Unit,
    /// For a reader.
    pub description: &'static str,
    /// Each set makes a series of its own. Sets are sorted by the dimensions' names.
    pub dimensions: &'static [&'static [Dimension]],
}

use Dimension::{FunctionName, Reason, Resource};

/// Of the account, and of a function by its name, by name and resource, and by resource alone.
const USUAL: &[&[Dimension]] = &[&[], &[FunctionName], &[FunctionName, Resource], &[Resource]];
const ACCOUNT: &[&[Dimension]] = &[&[]];
const OF_COLD_STARTS: &[&[Dimension]] = &[
    &[],
    &[FunctionName],
    &[FunctionName, Resource],
    &[Resource],
    &[Reason],
    &[FunctionName, Reason],
    &[Dimension::StartPath],
    &[FunctionName, Dimension::StartPath],
];

const fn define(
    name: &'static str,
    unit: Unit,
    dimensions: &'static [&'static [Dimension]],
    description: &'static str,
) -> Definition {
    Definition {
        name,
        unit,
        description,
        dimensions,
    }
}

const DEFINITIONS: [Definition; 11] = [
    define(
        "Invocations",
        Unit::COUNT,
        USUAL,
        "Calls whose function ran, whether it succeeded or failed.",
    ),
    define(
        "Errors",
        Unit::COUNT,
        USUAL,
        "Calls that ended in an error of the function. A success counts as 0, so that the average is the error rate.",
    ),
    define(
        "Throttles",
        Unit::COUNT,
        USUAL,
        "Calls that were refused for lack of concurrency. An admitted call counts as 0.",
    ),
    define("Duration", Unit::MILLISECONDS, USUAL, "The handler's time."),
    define(
        "ConcurrentExecutions",
        Unit::COUNT,
        USUAL,
        "Calls that run at the same time, seen as each begins.",
    ),
    define(
        "UnreservedConcurrentExecutions",
        Unit::COUNT,
        ACCOUNT,
        "Calls that run at the same time, of functions without reserved concurrency.",
    ),
    define(
        "AsyncEventsReceived",
        Unit::COUNT,
        USUAL,
        "Asynchronous events that were accepted.",
    ),
    define(
        "AsyncEventAge",
        Unit::MILLISECONDS,
        USUAL,
        "Time between accepting an asynchronous event and trying it.",
    ),
    define(
        "AsyncEventsDropped",
        Unit::COUNT,
        USUAL,
        "Asynchronous events that were given up without success.",
    ),
    define(
        "InitDuration",
        Unit::MILLISECONDS,
        OF_COLD_STARTS,
        "Time to import the function's module, of calls that started a sandbox.",
    ),
    define(
        "ColdStarts",
        Unit::COUNT,
        OF_COLD_STARTS,
        "Calls that started a sandbox.",
    ),
];

impl Metric {
    /// What it is.
    pub fn definition(self) -> &'static Definition {
        &DEFINITIONS[self as usize]
    }
}

/// The value of the dimension `Reason`.
pub fn reason_name(reason: ColdStartReason) -> &'static str {
    match reason {
        ColdStartReason::First => "first",
        ColdStartReason::ScaleOut => "scale-out",
        ColdStartReason::Expired => "expired",
        ColdStartReason::Evicted => "evicted",
        ColdStartReason::CodeChanged => "code-changed",
        ColdStartReason::ConfigurationChanged => "configuration-changed",
        ColdStartReason::Retired => "retired",
        ColdStartReason::Crashed => "crashed",
    }
}

/// The value of the dimension `StartPath`.
pub fn path_name(path: StartPath) -> &'static str {
    match path {
        StartPath::PoolHit => "pool-hit",
        StartPath::PoolMiss => "pool-miss",
        StartPath::Snapshot => "snapshot",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_finds_its_own_definition() {
        assert_eq!(Metric::Invocations.definition().name, "Invocations");
        assert_eq!(
            Metric::UnreservedConcurrentExecutions.definition().name,
            "UnreservedConcurrentExecutions"
        );
        assert_eq!(Metric::ColdStarts.definition().name, "ColdStarts");
        assert_eq!(Metric::ColdStarts as usize + 1, DEFINITIONS.len());
    }

    #[test]
    fn dimension_sets_are_sorted_and_names_are_apart() {
        for (number, definition) in DEFINITIONS.iter().enumerate() {
            assert!(
                DEFINITIONS[..number]
                    .iter()
                    .all(|other| other.name != definition.name)
            );
            for set in definition.dimensions {
                assert!(set.is_sorted_by_key(|dimension| dimension.name()));
            }
        }
    }
}
