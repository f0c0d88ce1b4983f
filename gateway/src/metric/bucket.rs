//! The values of one series in one span of time: what can be merged with no loss, and what statistics are made of.

use serde::{Deserialize, Serialize};

use super::distribution::Distribution;
use super::unit::Unit;

/// Where in a series a bucket lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "(i64, bool, Unit)", from = "(i64, bool, Unit)")]
pub struct Slot {
    /// Its start, seconds since the epoch.
    pub time_s: i64,
    /// Of a series stored by the second: it spans one second, or is the sum of such over its minute. Else it spans a minute.
    pub fine: bool,
    /// Values of different units are never added up by the store.
    pub unit: Unit,
}

impl From<Slot> for (i64, bool, Unit) {
    fn from(slot: Slot) -> Self {
        (slot.time_s, slot.fine, slot.unit)
    }
}

impl From<(i64, bool, Unit)> for Slot {
    fn from((time_s, fine, unit): (i64, bool, Unit)) -> Self {
        Self { time_s, fine, unit }
    }
}

impl Slot {
    /// The slot of a value recorded at `time_ms`.
    pub fn of(time_ms: i64, fine: bool, unit: Unit) -> Self {
        let time_s = time_ms.div_euclid(1_000);
        let time_s = if fine { time_s } else { minute(time_s) };
        Self { time_s, fine, unit }
    }

    /// The slot of its whole minute.
    #[must_use]
    pub fn by_minute(self) -> Self {
        Self {
            time_s: minute(self.time_s),
            ..self
        }
    }
}

fn minute(time_s: i64) -> i64 {
    time_s - time_s.rem_euclid(60)
}

/// Merged values.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(into = "Row", from = "Row")]
pub struct Bucket {
    /// How many values.
    pub count: f64,
    /// Their sum.
    pub sum: f64,
    /// The smallest.
    pub minimum: f64,
    /// The largest.
    pub maximum: f64,
    /// Of its values; `None` where it cannot be known: a statistic set, or a negative value.
    distribution: Option<Distribution>,
}

type Row = (f64, f64, f64, f64, Option<Distribution>);

impl From<Bucket> for Row {
    fn from(bucket: Bucket) -> Self {
        let Bucket {
            count,
            sum,
            minimum,
            maximum,
            distribution,
        } = bucket;
        (count, sum, minimum, maximum, distribution)
    }
}

impl From<Row> for Bucket {
    fn from((count, sum, minimum, maximum, distribution): Row) -> Self {
        Self {
            count,
            sum,
            minimum,
            maximum,
            distribution,
        }
    }
}

impl Bucket {
    /// One value.
    pub fn of(value: f64) -> Self {
        let mut bucket = Self::default();
        bucket.add(value, 1.0);
        bucket
    }

    /// A statistic set. Its distribution is known when all its values are one.
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_StatisticSet.html>
    pub fn of_set(count: f64, sum: f64, minimum: f64, maximum: f64) -> Self {
        if count == 1.0 || minimum == maximum {
            let mut bucket = Self::default();
            bucket.add(minimum, count);
            return Self { sum, ..bucket };
        }
        Self {
            count,
            sum,
            minimum,
            maximum,
            distribution: None,
        }
    }

    /// Adds `value`, `weight` times.
    pub fn add(&mut self, value: f64, weight: f64) {
        if weight <= 0.0 {
            return;
        }
        if self.is_empty() {
            (self.minimum, self.maximum) = (value, value);
            self.distribution = Some(Distribution::default());
        }
        self.count += weight;
        self.sum += value * weight;
        self.minimum = self.minimum.min(value);
        self.maximum = self.maximum.max(value);
        match &mut self.distribution {
            Some(distribution) if value >= 0.0 => distribution.add(value, weight),
            _ => self.distribution = None,
        }
    }

    /// Adds what `other` holds.
    pub fn merge(&mut self, other: &Self) {
        if other.is_empty() {
            return;
        }
        if self.is_empty() {
            *self = other.clone();
            return;
        }
        self.count += other.count;
        self.sum += other.sum;
        self.minimum = self.minimum.min(other.minimum);
        self.maximum = self.maximum.max(other.maximum);
        match (&mut self.distribution, &other.distribution) {
            (Some(distribution), Some(others)) => distribution.merge(others),
            _ => self.distribution = None,
        }
    }

    /// Whether it holds no value.
    pub fn is_empty(&self) -> bool {
        self.count == 0.0
    }

    /// Its values in ascending order with their weights, where the distribution is known.
    pub fn values(&self) -> Option<impl Iterator<Item = (f64, f64)>> {
        let (minimum, maximum) = (self.minimum, self.maximum);
        let values = self.distribution.as_ref()?.values();
        Some(values.map(move |(value, weight)| (value.max(minimum).min(maximum), weight)))
    }

    /// Its size, in bins of a distribution.
    pub fn cells(&self) -> usize {
        /// The bucket itself and its place in a map take as much as this many bins.
        const FIXED: usize = 8;
        FIXED + self.distribution.as_ref().map_or(0, Distribution::bins)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merging_keeps_every_statistic() {
        let mut bucket = Bucket::of(3.0);
        bucket.add(1.0, 2.0);
        bucket.merge(&Bucket::of_set(2.0, 30.0, 15.0, 15.0));
        assert_eq!((bucket.count, bucket.sum), (5.0, 35.0));
        assert_eq!((bucket.minimum, bucket.maximum), (1.0, 15.0));
        let values: Vec<_> = bucket.values().expect("known").collect();
        assert_eq!(values.len(), 3);
        assert_eq!(values[0].1, 2.0);
    }

    #[test]
    fn a_distribution_that_cannot_be_known_is_not_made_up() {
        let mut set = Bucket::of(1.0);
        set.merge(&Bucket::of_set(2.0, 3.0, 1.0, 2.0));
        assert!(set.values().is_none());
        set.add(5.0, 1.0);
        assert!(set.values().is_none());
        assert!(Bucket::of(-1.0).values().is_none());
    }

    #[test]
    fn it_survives_being_written() {
        let mut bucket = Bucket::of(0.25);
        bucket.add(0.0, 1.0);
        let mut bytes = Vec::new();
        ciborium::into_writer(&bucket, &mut bytes).expect("written");
        let read: Bucket = ciborium::from_reader(&bytes[..]).expect("read");
        assert_eq!(read, bucket);
    }

    #[test]
    fn slots_start_at_their_minute_or_second() {
        assert_eq!(Slot::of(119_999, false, Unit::NONE).time_s, 60);
        let fine = Slot::of(119_999, true, Unit::NONE);
        assert_eq!((fine.time_s, fine.by_minute().time_s), (119, 60));
    }
}
