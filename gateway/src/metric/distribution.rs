//! How values are distributed: a DDSketch (<https://arxiv.org/abs/1908.10693>) with sparse bins.
//!
//! Every value is known to 1 %. The mapping of values to bins is the crate's; the bins are kept here, sparse, because most
//! buckets hold a handful of values (the crate's dense store takes 1 KiB for the first of them) and because trimmed means and
//! percentile ranks must walk the bins, which the crate does not show. Values are ≥ 0: CloudWatch has no percentiles
//! of metrics with negative values either.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use sketches_ddsketch::Config;

/// Relative error of a value read back.
pub const RELATIVE_ERROR: f64 = 0.01;
/// Smaller values count as 0.
const SMALLEST: f64 = 1e-9;
/// Bins kept at most; beyond, the lowest become one. That many span nine orders of magnitude when every bin is used.
const MAX_BINS: usize = 1_024;

fn mapping() -> &'static Config {
    static MAPPING: OnceLock<Config> = OnceLock::new();
    MAPPING.get_or_init(|| Config::new(RELATIVE_ERROR, MAX_BINS as u32, SMALLEST))
}

/// The distribution of values ≥ 0.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(into = "Row", from = "Row")]
pub struct Distribution {
    zeros: f64,
    /// Bin and weight, sorted by bin.
    bins: Vec<(i32, f64)>,
}

type Row = (f64, Vec<(i32, f64)>);

impl From<Distribution> for Row {
    fn from(distribution: Distribution) -> Self {
        (distribution.zeros, distribution.bins)
    }
}

impl From<Row> for Distribution {
    fn from((zeros, bins): Row) -> Self {
        let mut distribution = Self {
            zeros,
            bins: Vec::new(),
        };
        for (bin, weight) in bins {
            distribution.add_to_bin(bin, weight);
        }
        distribution
    }
}

impl Distribution {
    /// Adds `value` (≥ 0), `weight` times.
    pub fn add(&mut self, value: f64, weight: f64) {
        if value <= SMALLEST {
            self.zeros += weight;
        } else {
            self.add_to_bin(mapping().key(value), weight);
        }
    }

    /// Adds what `other` holds.
    pub fn merge(&mut self, other: &Self) {
        self.zeros += other.zeros;
        for (bin, weight) in &other.bins {
            self.add_to_bin(*bin, *weight);
        }
    }

    /// Its values in ascending order, each with its weight.
    pub fn values(&self) -> impl Iterator<Item = (f64, f64)> {
        let zeros = (self.zeros > 0.0).then_some((0.0, self.zeros));
        let bins = self.bins.iter();
        zeros
            .into_iter()
            .chain(bins.map(|(bin, weight)| (mapping().value(*bin), *weight)))
    }

    /// How many bins it takes.
    pub fn bins(&self) -> usize {
        self.bins.len()
    }

    fn add_to_bin(&mut self, bin: i32, weight: f64) {
        match self.bins.binary_search_by_key(&bin, |(bin, _)| *bin) {
            Ok(at) => self.bins[at].1 += weight,
            Err(at) => self.bins.insert(at, (bin, weight)),
        }
        if self.bins.len() > MAX_BINS {
            let (_, lowest) = self.bins.remove(0);
            self.bins[0].1 += lowest;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn values_are_known_to_one_percent(value in 1e-8..1e12_f64) {
            let mut distribution = Distribution::default();
            distribution.add(value, 3.0);
            let found: Vec<_> = distribution.values().collect();
            prop_assert_eq!(found.len(), 1);
            prop_assert!((found[0].0 - value).abs() <= value * (RELATIVE_ERROR + 1e-9));
            prop_assert_eq!(found[0].1, 3.0);
        }

        #[test]
        fn merging_is_adding(values in prop::collection::vec(0.0..1e6_f64, 0..50), cut in 0_usize..50) {
            let cut = cut.min(values.len());
            let (mut whole, mut left, mut right) = <(Distribution, Distribution, Distribution)>::default();
            for (number, value) in values.iter().enumerate() {
                whole.add(*value, 1.0);
                if number < cut { left.add(*value, 1.0) } else { right.add(*value, 1.0) }
            }
            left.merge(&right);
            prop_assert_eq!(left, whole);
        }
    }

    #[test]
    fn bins_are_bounded_and_lose_no_weight() {
        let mut distribution = Distribution::default();
        for number in 0..5_000 {
            distribution.add(1.03_f64.powi(number % 2_000), 1.0);
        }
        assert_eq!(distribution.bins(), MAX_BINS);
        assert_eq!(
            distribution.values().map(|(_, weight)| weight).sum::<f64>(),
            5_000.0
        );
        assert!(distribution.values().map(|(value, _)| value).is_sorted());
    }
}
