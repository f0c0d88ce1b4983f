//! `stats`: groups, and what is counted in each.
//!
//! Everything is exact but `count_distinct`, which tells values apart by a hash of 64 bits. What it takes in memory is told
//! as it grows; the pipeline bounds it.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};

use super::evaluate::Context;
use super::row::Row;
use super::syntax::{AggregateKind, Stats};
use super::value::Value;

/// What a group costs beside its values.
const GROUP_BYTES: usize = 200;
/// What an aggregate of a group costs before it holds anything.
const ACCUMULATOR_BYTES: usize = 72;

/// The groups of a `stats` command.
#[derive(Debug)]
pub(super) struct Aggregation {
    stats: Stats,
    index: HashMap<Vec<Option<String>>, usize>,
    /// In the order in which they were found.
    groups: Vec<Group>,
    hasher: RandomState,
}

#[derive(Debug)]
struct Group {
    by: Vec<Value>,
    accumulators: Vec<Accumulator>,
}

/// What one aggregate has seen.
#[derive(Debug)]
enum Accumulator {
    Count(u64),
    Distinct(HashSet<u64>),
    Sum(Option<f64>),
    /// Count, mean, and the sum of squared differences from it.
    Moments(f64, f64, f64),
    Numbers(Vec<f64>),
    /// The value that goes before (or behind) all others.
    Extreme(Value),
    /// A time, and the value that came with it.
    Timed(i64, Value),
}

impl Aggregation {
    pub(super) fn new(stats: Stats) -> Self {
        Self {
            stats,
            index: HashMap::new(),
            groups: Vec::new(),
            hasher: RandomState::new(),
        }
    }

    /// Takes a row into its group; answers by how many bytes this grew.
    pub(super) fn add(&mut self, row: &Row, now_ms: i64) -> usize {
        let context = Context {
            row,
            aggregates: &[],
            now_ms,
        };
        let by: Vec<Value> = self
            .stats
            .by
            .iter()
            .map(|column| column.value.evaluate(context))
            .collect();
        let key = by
            .iter()
            .map(|value| (!value.is_null()).then(|| value.show().into_owned()));
        let key: Vec<Option<String>> = key.collect();
        let mut grown_bytes = 0;
        let index = match self.index.get(&key) {
            Some(index) => *index,
            None => {
                let text_bytes: usize = key.iter().flatten().map(String::len).sum();
                let accumulators = self.stats.aggregates.len() * ACCUMULATOR_BYTES;
                grown_bytes += GROUP_BYTES + 3 * text_bytes + accumulators;
                let aggregates = self.stats.aggregates.iter();
                self.groups.push(Group {
                    by,
                    accumulators: aggregates.map(|of| Accumulator::new(of.kind)).collect(),
                });
                self.index.insert(key, self.groups.len() - 1);
                self.groups.len() - 1
            }
        };
        let accumulators = &mut self.groups[index].accumulators;
        for (aggregate, accumulator) in self.stats.aggregates.iter().zip(accumulators) {
            let value = match &aggregate.of {
                Some(of) => of.evaluate(context),
                None => Value::Bool(true),
            };
            if !value.is_null() {
                grown_bytes += accumulator.add(aggregate.kind, value, row, &self.hasher);
            }
        }
        grown_bytes
    }

    /// The groups as rows.
    pub(super) fn finish(mut self, now_ms: i64) -> Vec<Row> {
        if self.groups.is_empty() && self.stats.by.is_empty() {
            // Nothing is counted, too.
            let aggregates = self.stats.aggregates.iter();
            self.groups.push(Group {
                by: Vec::new(),
                accumulators: aggregates.map(|of| Accumulator::new(of.kind)).collect(),
            });
        }
        let stats = &self.stats;
        let rows = self.groups.into_iter().map(|group| {
            let kinds = stats.aggregates.iter().map(|aggregate| aggregate.kind);
            let results: Vec<Value> = kinds
                .zip(group.accumulators)
                .map(|(kind, accumulator)| accumulator.finish(kind))
                .collect();
            let mut row = Row::default();
            for (column, value) in stats.by.iter().zip(group.by) {
                row.set(&column.name, value);
            }
            for column in &stats.columns {
                let value = column.value.evaluate(Context {
                    row: &row,
                    aggregates: &results,
                    now_ms,
                });
                row.set(&column.name, value);
            }
            row
        });
        rows.collect()
    }
}

impl Accumulator {
    fn new(kind: AggregateKind) -> Self {
        match kind {
            AggregateKind::Count => Self::Count(0),
            AggregateKind::CountDistinct => Self::Distinct(HashSet::new()),
            AggregateKind::Sum => Self::Sum(None),
            AggregateKind::Average | AggregateKind::Deviation => Self::Moments(0.0, 0.0, 0.0),
            AggregateKind::Percentile(_) => Self::Numbers(Vec::new()),
            AggregateKind::Least
            | AggregateKind::Greatest
            | AggregateKind::SortsFirst
            | AggregateKind::SortsLast => Self::Extreme(Value::Null),
            AggregateKind::Earliest | AggregateKind::Latest => Self::Timed(0, Value::Null),
        }
    }

    /// Takes a value that is not null; answers by how many bytes this grew, roughly.
    fn add(&mut self, kind: AggregateKind, value: Value, row: &Row, hasher: &RandomState) -> usize {
        match self {
            Self::Count(count) => *count += 1,
            Self::Distinct(hashes) => {
                let is_new = hashes.insert(hasher.hash_one(&*value.show()));
                return if is_new { 2 * size_of::<u64>() } else { 0 };
            }
            Self::Sum(sum) => {
                if let Some(number) = value.number() {
                    *sum = Some(sum.unwrap_or(0.0) + number);
                }
            }
            Self::Moments(count, mean, squares) => {
                if let Some(number) = value.number() {
                    *count += 1.0;
                    let difference = number - *mean;
                    *mean += difference / *count;
                    *squares += difference * (number - *mean);
                }
            }
            Self::Numbers(numbers) => {
                if let Some(number) = value.number() {
                    numbers.push(number);
                    return 2 * size_of::<f64>();
                }
            }
            Self::Extreme(extreme) => {
                let goes_first = match kind {
                    AggregateKind::Least => value.order(extreme).is_some_and(|order| order.is_lt()),
                    AggregateKind::Greatest => {
                        value.order(extreme).is_some_and(|order| order.is_gt())
                    }
                    AggregateKind::SortsFirst => value.show() < extreme.show(),
                    _ => value.show() > extreme.show(),
                };
                if extreme.is_null() || goes_first {
                    let grown_bytes = value.heap_bytes().saturating_sub(extreme.heap_bytes());
                    *extreme = value;
                    return grown_bytes;
                }
            }
            Self::Timed(at_ms, held) => {
                let time_ms = row.get("@timestamp").time_ms().unwrap_or(0);
                let is_nearer = match kind {
                    AggregateKind::Earliest => time_ms < *at_ms,
                    _ => time_ms >= *at_ms,
                };
                if held.is_null() || is_nearer {
                    let grown_bytes = value.heap_bytes().saturating_sub(held.heap_bytes());
                    (*at_ms, *held) = (time_ms, value);
                    return grown_bytes;
                }
            }
        }
        0
    }

    fn finish(self, kind: AggregateKind) -> Value {
        match self {
            Self::Count(count) => Value::Number(count as f64),
            Self::Distinct(hashes) => Value::Number(hashes.len() as f64),
            Self::Sum(sum) => sum.map_or(Value::Null, Value::of),
            Self::Moments(count, mean, squares) => match kind {
                _ if count == 0.0 => Value::Null,
                AggregateKind::Deviation => Value::of((squares / count).sqrt()),
                _ => Value::of(mean),
            },
            Self::Numbers(numbers) => match kind {
                AggregateKind::Percentile(percent) => percentile(numbers, percent),
                _ => Value::Null,
            },
            Self::Extreme(value) | Self::Timed(_, value) => value,
        }
    }
}

/// The least number that as many percent of all do not exceed.
fn percentile(mut numbers: Vec<f64>, percent: f64) -> Value {
    if numbers.is_empty() {
        return Value::Null;
    }
    numbers.sort_unstable_by(f64::total_cmp);
    let rank = (percent / 100.0 * numbers.len() as f64).ceil().max(1.0);
    Value::of(numbers[(rank as usize).min(numbers.len()) - 1])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn aggregated(kind: AggregateKind, values: &[Value]) -> Value {
        let mut accumulator = Accumulator::new(kind);
        let hasher = RandomState::new();
        for (time_ms, value) in values.iter().enumerate() {
            let mut row = Row::default();
            row.set(&"@timestamp".into(), Value::Time(time_ms as i64));
            accumulator.add(kind, value.clone(), &row, &hasher);
        }
        accumulator.finish(kind)
    }

    #[test]
    fn each_aggregate_counts_what_it_says() {
        let values = ["4", "10", "x", "10", "2"].map(Value::text);
        let shown = |kind| aggregated(kind, &values).show().into_owned();
        assert_eq!(shown(AggregateKind::Count), "5");
        assert_eq!(shown(AggregateKind::CountDistinct), "4");
        assert_eq!(shown(AggregateKind::Sum), "26");
        assert_eq!(shown(AggregateKind::Average), "6.5");
        assert_eq!(shown(AggregateKind::Percentile(50.0)), "4");
        assert_eq!(shown(AggregateKind::Percentile(100.0)), "10");
        assert_eq!(shown(AggregateKind::Deviation), "3.5707");
        assert_eq!(shown(AggregateKind::Earliest), "4");
        assert_eq!(shown(AggregateKind::Latest), "2");
        assert_eq!(shown(AggregateKind::SortsFirst), "10");
        assert_eq!(shown(AggregateKind::SortsLast), "x");
        assert_eq!(aggregated(AggregateKind::Least, &values[..2]).show(), "4");
        assert_eq!(
            aggregated(AggregateKind::Greatest, &values[..2]).show(),
            "10"
        );
        assert_eq!(aggregated(AggregateKind::Sum, &[]), Value::Null);
        assert_eq!(aggregated(AggregateKind::Count, &[]), Value::Number(0.0));
    }

    proptest! {
        #[test]
        fn a_percentile_is_one_of_the_numbers(numbers in prop::collection::vec(-1e6..1e6, 1..50), percent in 0.0..=100.0) {
            let Value::Number(found) = percentile(numbers.clone(), percent) else { panic!() };
            prop_assert!(numbers.contains(&found));
            let below = numbers.iter().filter(|number| **number <= found).count() as f64;
            prop_assert!(below >= percent / 100.0 * numbers.len() as f64 - 1e-6);
        }
    }
}
