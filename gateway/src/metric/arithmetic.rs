//! What metric math does with the points of series. Pure, and total: what is no finite number is left out or let through
//! as such, never refused.

use std::collections::BTreeMap;

use super::expression::{Function, Operator};
use super::statistic::period_start;

/// Values by time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// For the reader.
    pub label: String,
    /// Time between its points, seconds.
    pub period_s: i64,
    /// By the start of their period, seconds since the epoch.
    pub points: BTreeMap<i64, f64>,
}

/// `left operator right`; truth is 1, the rest 0.
pub(super) fn apply(operator: Operator, left: f64, right: f64) -> f64 {
    let truth = |holds: bool| f64::from(u8::from(holds));
    match operator {
        Operator::Or => truth(left != 0.0 || right != 0.0),
        Operator::And => truth(left != 0.0 && right != 0.0),
        Operator::Less => truth(left < right),
        Operator::LessOrEqual => truth(left <= right),
        Operator::Greater => truth(left > right),
        Operator::GreaterOrEqual => truth(left >= right),
        Operator::Equal => truth(left == right),
        Operator::NotEqual => truth(left != right),
        Operator::Plus => left + right,
        Operator::Minus => left - right,
        Operator::Times => left * right,
        Operator::Over => left / right,
        Operator::Power => left.powf(right),
    }
}

/// Point by point, on points that both have.
pub(super) fn join(left: Series, right: &Series, apply: impl Fn(f64, f64) -> f64) -> Series {
    let both = left.points.iter().filter_map(|(time, left)| {
        let value = apply(*left, *right.points.get(time)?);
        value.is_finite().then_some((*time, value))
    });
    Series {
        points: both.collect(),
        period_s: left.period_s.max(right.period_s),
        label: left.label,
    }
}

/// One number of many.
pub(super) fn fold<'a>(function: Function, values: impl IntoIterator<Item = &'a f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0_u32);
    let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values {
        sum += value;
        count += 1;
        least = least.min(*value);
        most = most.max(*value);
    }
    match function {
        Function::Avg => sum / f64::from(count),
        Function::Min => least,
        Function::Max => most,
        _ => sum,
    }
}

/// One number for each time that any of the series has.
pub(super) fn fold_by_time(function: Function, array: &[Series]) -> Series {
    let mut by_time: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
    for series in array {
        for (time, value) in &series.points {
            by_time.entry(*time).or_default().push(*value);
        }
    }
    let points = by_time.into_iter();
    let periods = array.iter().map(|series| series.period_s);
    Series {
        label: String::new(),
        period_s: periods.max().unwrap_or(60),
        points: points
            .map(|(time, values)| (time, fold(function, &values)))
            .collect(),
    }
}

/// Change by the second, from each point to the next.
pub(super) fn rate(series: Series) -> Series {
    let next = series.points.iter().skip(1);
    let pairs = series.points.iter().zip(next);
    let points =
        pairs.map(|((before, from), (time, to))| (*time, (to - from) / (time - before) as f64));
    Series {
        points: points.collect(),
        ..series
    }
}

/// What stands in for a missing point.
#[derive(Clone, Copy)]
pub(super) enum Filling {
    Number(f64),
    Repeat,
    Linear,
}

/// The series with a point in every period. What lies before its first point cannot be repeated, nor what lies outside of
/// two points be drawn a line through: it stays empty.
pub(super) fn filled(mut series: Series, how: Filling, from_s: i64, to_s: i64) -> Series {
    let period_s = series.period_s.max(1);
    let mut missing = Vec::new();
    let mut time = period_start(from_s, period_s);
    while time < to_s {
        if !series.points.contains_key(&time) {
            let before = || series.points.range(..time).next_back();
            let value = match how {
                Filling::Number(number) => Some(number),
                Filling::Repeat => before().map(|(_, value)| *value),
                Filling::Linear => {
                    let pair = before().zip(series.points.range(time..).next());
                    pair.map(|((start, from), (end, to))| {
                        from + (to - from) * (time - start) as f64 / (end - start) as f64
                    })
                }
            };
            missing.extend(value.map(|value| (time, value)));
        }
        time += period_s;
    }
    series.points.extend(missing);
    series.points.retain(|_, point| point.is_finite());
    series
}
