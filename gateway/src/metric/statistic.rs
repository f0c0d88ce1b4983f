//! Statistics of merged buckets, in CloudWatch's words, and their gathering by period. Pure.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html>
//! What needs the distribution of values is known to 1 %, and is not answered where the distribution is unknown
//! (statistic sets, negative values), as in CloudWatch.

use std::collections::BTreeMap;

use super::bucket::{Bucket, Slot};
use super::unit::Unit;

/// A statistic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Statistic {
    /// How many values.
    SampleCount,
    /// Their sum.
    Sum,
    /// Their mean.
    Average,
    /// The smallest.
    Minimum,
    /// The largest.
    Maximum,
    /// `p99`: this share (0–1) of the values is not larger.
    Percentile(f64),
    /// `tm90`, `TM(10%:90%)`, `IQM`: the mean of the values within bounds.
    TrimmedMean(Bounds),
    /// `tc90`, `TC(…)`: how many values lie within bounds.
    TrimmedCount(Bounds),
    /// `ts90`, `TS(…)`: the sum of the values within bounds.
    TrimmedSum(Bounds),
    /// `wm90`, `WM(…)`: the mean, where a value out of bounds counts as the bound.
    WinsorizedMean(Bounds),
    /// `PR(100:300)`: the share of the values within bounds, percent.
    PercentileRank(Bounds),
}

/// Bounds: the lower is exclusive, the upper inclusive; `None` is open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bounds {
    /// Shares of the values in ascending order, 0–1.
    Shares(f64, f64),
    /// Values.
    Values(Option<f64>, Option<f64>),
}

impl Statistic {
    /// Reads a statistic as CloudWatch writes it; `None` where it knows no such.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "SampleCount" => return Some(Self::SampleCount),
            "Sum" => return Some(Self::Sum),
            "Average" => return Some(Self::Average),
            "Minimum" => return Some(Self::Minimum),
            "Maximum" => return Some(Self::Maximum),
            "IQM" => return Some(Self::TrimmedMean(Bounds::Shares(0.25, 0.75))),
            _ => {}
        }
        if let Some(percent) = text.strip_prefix('p') {
            return share(percent).map(Self::Percentile);
        }
        let (name, rest) = text.split_at_checked(2)?;
        let within = rest
            .strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'));
        let bounds = match within {
            Some(within) => bounds(within)?,
            None => Bounds::Shares(0.0, share(rest)?),
        };
        let is_short = within.is_none();
        match name {
            "tm" if is_short => Some(Self::TrimmedMean(bounds)),
            "TM" if !is_short => Some(Self::TrimmedMean(bounds)),
            "tc" if is_short => Some(Self::TrimmedCount(bounds)),
            "TC" if !is_short => Some(Self::TrimmedCount(bounds)),
            "ts" if is_short => Some(Self::TrimmedSum(bounds)),
            "TS" if !is_short => Some(Self::TrimmedSum(bounds)),
            "wm" if is_short => Some(Self::WinsorizedMean(bounds)),
            "WM" if !is_short => Some(Self::WinsorizedMean(bounds)),
            "PR" if matches!(bounds, Bounds::Values(..)) => Some(Self::PercentileRank(bounds)),
            _ => None,
        }
    }

    /// Its value; `None` for an empty bucket, or where an unknown distribution would be needed.
    pub fn of(self, bucket: &Bucket) -> Option<f64> {
        if bucket.is_empty() {
            return None;
        }
        match self {
            Self::SampleCount => Some(bucket.count),
            Self::Sum => Some(bucket.sum),
            Self::Average => Some(bucket.sum / bucket.count),
            Self::Minimum => Some(bucket.minimum),
            Self::Maximum => Some(bucket.maximum),
            Self::Percentile(share) => Some(value_at(bucket, share)?),
            Self::TrimmedMean(bounds) => {
                let kept = trim(bucket, bounds)?;
                (kept.weight > 0.0).then(|| kept.sum / kept.weight)
            }
            Self::TrimmedCount(bounds) => Some(trim(bucket, bounds)?.weight),
            Self::TrimmedSum(bounds) => Some(trim(bucket, bounds)?.sum),
            Self::WinsorizedMean(bounds) => {
                let kept = trim(bucket, bounds)?;
                let lower = kept.lower * kept.weight_below;
                let upper = kept.upper * kept.weight_above;
                Some((lower + kept.sum + upper) / bucket.count)
            }
            Self::PercentileRank(bounds) => {
                Some(100.0 * trim(bucket, bounds)?.weight / bucket.count)
            }
        }
    }
}

/// `99.9` as a share of one; up to ten decimal places.
fn share(percent: &str) -> Option<f64> {
    let (whole, decimals) = percent.split_once('.').unwrap_or((percent, "0"));
    let digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !digits(whole, 3) || !digits(decimals, 10) {
        return None;
    }
    let percent: f64 = percent.parse().ok()?;
    (0.0..=100.0).contains(&percent).then_some(percent / 100.0)
}

/// `10%:90%`, `:90%`, `100:300`, `100:`.
fn bounds(text: &str) -> Option<Bounds> {
    let (low, high) = text.split_once(':')?;
    if low.is_empty() && high.is_empty() {
        return None;
    }
    if text.contains('%') {
        let bound = |text: &str, open: f64| match text.is_empty() {
            true => Some(open),
            false => share(text.strip_suffix('%')?),
        };
        let (low, high) = (bound(low, 0.0)?, bound(high, 1.0)?);
        return (low < high).then_some(Bounds::Shares(low, high));
    }
    let bound = |text: &str| match text.is_empty() {
        true => Some(None),
        false => text
            .parse()
            .ok()
            .filter(|value: &f64| value.is_finite())
            .map(Some),
    };
    let (low, high) = (bound(low)?, bound(high)?);
    let ordered = low.zip(high).is_none_or(|(low, high)| low < high);
    ordered.then_some(Bounds::Values(low, high))
}

/// The smallest value that at least this share of the values does not exceed.
fn value_at(bucket: &Bucket, share: f64) -> Option<f64> {
    let rank = share * bucket.count;
    let mut below = 0.0;
    for (value, weight) in bucket.values()? {
        below += weight;
        if below >= rank {
            return Some(value);
        }
    }
    Some(bucket.maximum)
}

/// What lies within bounds.
struct Kept {
    weight: f64,
    sum: f64,
    weight_below: f64,
    weight_above: f64,
    /// The bounds as values.
    lower: f64,
    upper: f64,
}

fn trim(bucket: &Bucket, bounds: Bounds) -> Option<Kept> {
    let (lower, upper) = match bounds {
        Bounds::Shares(low, high) => (value_at(bucket, low)?, value_at(bucket, high)?),
        Bounds::Values(low, high) => (
            low.unwrap_or(bucket.minimum),
            high.unwrap_or(bucket.maximum),
        ),
    };
    let mut kept = Kept {
        weight: 0.0,
        sum: 0.0,
        weight_below: 0.0,
        weight_above: 0.0,
        lower,
        upper,
    };
    let mut rank = 0.0;
    for (value, weight) in bucket.values()? {
        let (below, above) = match bounds {
            Bounds::Shares(low, high) => {
                let below = (low * bucket.count - rank).clamp(0.0, weight);
                let above = (rank + weight - high * bucket.count).clamp(0.0, weight);
                (below, above)
            }
            Bounds::Values(low, _) if low.is_some_and(|low| value <= low) => (weight, 0.0),
            Bounds::Values(_, high) if high.is_some_and(|high| value > high) => (0.0, weight),
            Bounds::Values(..) => (0.0, 0.0),
        };
        rank += weight;
        let within = (weight - below - above).max(0.0);
        kept.weight += within;
        kept.sum += within * value;
        kept.weight_below += below;
        kept.weight_above += above;
    }
    Some(kept)
}

/// The start of the period in which `time_s` lies: periods are counted from the epoch.
pub fn period_start(time_s: i64, period_s: i64) -> i64 {
    time_s - time_s.rem_euclid(period_s)
}

/// Adds up buckets by the start of their period and by unit; only those with `unit` where one is given.
pub fn gather(
    buckets: &[(Slot, Bucket)],
    period_s: i64,
    unit: Option<Unit>,
) -> BTreeMap<(i64, Unit), Bucket> {
    let mut periods: BTreeMap<(i64, Unit), Bucket> = BTreeMap::new();
    for (slot, bucket) in buckets {
        if unit.is_none_or(|unit| unit == slot.unit) {
            let start = period_start(slot.time_s, period_s);
            periods.entry((start, slot.unit)).or_default().merge(bucket);
        }
    }
    periods
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hundred() -> Bucket {
        let mut bucket = Bucket::default();
        for value in 1..=100 {
            bucket.add(f64::from(value), 1.0);
        }
        bucket
    }

    #[track_caller]
    fn assert_is(text: &str, expected: f64) {
        let statistic = Statistic::parse(text).expect(text);
        let value = statistic.of(&hundred()).expect(text);
        assert!(
            (value - expected).abs() <= expected * 0.02,
            "{text}: {value}, not {expected}"
        );
    }

    #[test]
    fn statistics_of_one_to_a_hundred() {
        assert_is("SampleCount", 100.0);
        assert_is("Sum", 5_050.0);
        assert_is("Average", 50.5);
        assert_is("Minimum", 1.0);
        assert_is("Maximum", 100.0);
        assert_is("p50", 50.0);
        assert_is("p99.0", 99.0);
        assert_is("p100", 100.0);
        assert_is("tm90", 45.5);
        assert_is("TM(10%:90%)", 50.5);
        assert_is("TM(20:40.4)", 30.5);
        assert_is("IQM", 50.5);
        assert_is("tc80", 80.0);
        assert_is("TS(:10%)", 55.0);
        assert_is("WM(:90%)", 50.0);
        assert_is("wm90", 50.0);
        assert_is("PR(:50.4)", 50.0);
        assert_is("PR(50.4:)", 50.0);
    }

    #[test]
    fn what_is_no_statistic_is_refused() {
        for text in [
            "",
            "p",
            "p101",
            "pp",
            "p1.",
            "tm",
            "TM()",
            "TM(:)",
            "TM(90%:10%)",
            "TM(1:2%)",
            "PR(1%:2%)",
            "tm(1:2)",
            "sum",
            "p99.99999999999",
            "p-1",
            "PR90",
            "é(1:2)",
            "TM90",
            "p1e1",
            "TM(nan:1)",
        ] {
            assert_eq!(Statistic::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_unknown_distribution_has_no_percentiles() {
        let set = Bucket::of_set(2.0, 30.0, 10.0, 20.0);
        assert_eq!(Statistic::Average.of(&set), Some(15.0));
        for text in ["p50", "tm90", "PR(:1)", "WM(:1)"] {
            assert_eq!(Statistic::parse(text).expect(text).of(&set), None);
        }
        assert_eq!(Statistic::Sum.of(&Bucket::default()), None);
    }

    #[test]
    fn periods_start_at_their_multiples_and_units_stay_apart() {
        let at = |time_s, unit| {
            (
                Slot {
                    time_s,
                    fine: false,
                    unit,
                },
                Bucket::of(1.0),
            )
        };
        let buckets = [
            at(300, Unit::NONE),
            at(540, Unit::NONE),
            at(600, Unit::NONE),
            at(600, Unit::COUNT),
        ];
        let sums = |unit| {
            let periods = gather(&buckets, 300, unit);
            let sums = periods
                .iter()
                .map(|((start, unit), bucket)| (*start, *unit, bucket.sum));
            sums.collect::<Vec<_>>()
        };
        assert_eq!(
            sums(None),
            [
                (300, Unit::NONE, 2.0),
                (600, Unit::NONE, 1.0),
                (600, Unit::COUNT, 1.0)
            ]
        );
        assert_eq!(sums(Some(Unit::COUNT)), [(600, Unit::COUNT, 1.0)]);
    }

    proptest! {
        #[test]
        fn parsing_never_panics(text in "\\PC{0,12}") {
            Statistic::parse(&text);
        }

        #[test]
        fn percentiles_lie_between_the_extremes(values in prop::collection::vec(0.0..1e9_f64, 1..40), share in 0.0..=1.0_f64) {
            let mut bucket = Bucket::default();
            for value in values {
                bucket.add(value, 1.0);
            }
            let found = Statistic::Percentile(share).of(&bucket).expect("known");
            prop_assert!((bucket.minimum..=bucket.maximum).contains(&found));
        }
    }
}
