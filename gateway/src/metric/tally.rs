//! The warm path: facts are added up by function and minute, and become series later, when somebody reads or writes those.
//!
//! Adding a fact is one look-up, one short lock and a few additions: no allocation, no store, no series. Nothing is lost
//! by it: buckets merge exactly, so a tally of a thousand calls adds the same to each of a function's twenty series as the
//! calls themselves would.

use dashmap::DashMap;

use super::bucket::{Bucket, Slot};
use super::catalog::{Dimension, NAMESPACE, path_name, reason_name};
use super::prometheus::{Exporter, Handles};
use super::record::{Fact, Kind, Narrowed, Subject, samples};
use super::series::SeriesKey;
use crate::function::FunctionKey;

/// Functions kept at hand; beyond that, those at rest are let go, and further ones are not measured until the next drain.
const MAX_FUNCTIONS: usize = 20_000;
/// Qualifiers of a function with tallies of their own between two drains; calls by further ones are not measured by series.
const MAX_QUALIFIERS: usize = 256;
/// Minutes kept apart between two drains, which are seconds apart: only a clock that jumps makes more.
const MAX_MINUTES: usize = 16;

struct Function {
    handles: Handles,
    tallies: Vec<Tally>,
}

/// One function by one qualifier.
struct Tally {
    qualifier: Option<String>,
    minutes: Vec<Minute>,
}

/// The samples of one minute.
pub(super) struct Minute {
    /// Some time in it, milliseconds since the epoch.
    pub(super) time_ms: i64,
    /// By what they are of.
    pub(super) samples: Vec<(Kind, Bucket)>,
}

/// What was taken out of the tallies, of one function by one qualifier.
pub(super) struct Drained {
    pub(super) function: FunctionKey,
    pub(super) qualifier: Option<String>,
    pub(super) minutes: Vec<Minute>,
}

impl Drained {
    /// Hands on every bucket with the series that it belongs to: one for each of its metric's sets of dimensions.
    pub(super) fn each(&self, mut each: impl FnMut(&SeriesKey, Slot, &Bucket)) {
        let resource = match &self.qualifier {
            Some(qualifier) => format!("{}:{qualifier}", self.function.name),
            None => self.function.name.clone(),
        };
        for minute in &self.minutes {
            for (kind, bucket) in &minute.samples {
                let definition = kind.metric.definition();
                let slot = Slot::of(minute.time_ms, false, definition.unit);
                let wanted = definition.dimensions.iter().filter(|set| kind.takes(set));
                for set in wanted {
                    let key = self.key(definition.name, set, &resource, kind.narrowed);
                    each(&key, slot, bucket);
                }
            }
        }
    }

    fn key(&self, name: &str, set: &[Dimension], resource: &str, narrowed: Narrowed) -> SeriesKey {
        let value = |dimension: &Dimension| match dimension {
            Dimension::FunctionName => self.function.name.clone(),
            Dimension::Resource => resource.to_owned(),
            Dimension::Reason | Dimension::StartPath => narrowed_name(narrowed).to_owned(),
        };
        let dimensions = set.iter();
        SeriesKey {
            account: self.function.account.clone(),
            region: self.function.region.clone(),
            namespace: NAMESPACE.to_owned(),
            name: name.to_owned(),
            dimensions: dimensions
                .map(|dimension| (dimension.name().to_owned(), value(dimension)))
                .collect(),
        }
    }
}

/// The value of the dimension that narrows a series.
fn narrowed_name(narrowed: Narrowed) -> &'static str {
    match narrowed {
        Narrowed::No => "",
        Narrowed::ToReason(reason) => reason_name(reason),
        Narrowed::ToPath(path) => path_name(path),
    }
}

/// Facts that are no series yet.
#[derive(Default)]
pub(super) struct Tallies {
    functions: DashMap<FunctionKey, Function>,
    exporter: Exporter,
}

impl Tallies {
    /// Adds a fact; answers whether there was room.
    pub(super) fn add(&self, subject: &Subject<'_>, time_ms: i64, fact: &Fact) -> bool {
        if let Some(mut function) = self.functions.get_mut(subject.function) {
            self.exporter.count(&function.handles, fact);
            return function.add(subject.qualifier, time_ms, fact);
        }
        if self.functions.len() >= MAX_FUNCTIONS {
            return false;
        }
        let entry = self.functions.entry(subject.function.clone());
        let mut function = entry.or_insert_with(|| Function {
            handles: self.exporter.handles(subject.function),
            tallies: Vec::new(),
        });
        self.exporter.count(&function.handles, fact);
        function.add(subject.qualifier, time_ms, fact)
    }

    /// Takes everything out.
    pub(super) fn drain(&self) -> Vec<Drained> {
        let mut drained = Vec::new();
        for mut function in self.functions.iter_mut() {
            let (key, function) = function.pair_mut();
            for tally in function.tallies.drain(..) {
                drained.push(Drained {
                    function: key.clone(),
                    qualifier: tally.qualifier,
                    minutes: tally.minutes,
                });
            }
        }
        if self.functions.len() >= MAX_FUNCTIONS {
            self.functions
                .retain(|_, function| !function.tallies.is_empty());
        }
        drained
    }

    /// Everything since the start, in Prometheus's text format.
    pub(super) fn prometheus(&self) -> String {
        self.exporter.text()
    }
}

impl Function {
    fn add(&mut self, qualifier: Option<&str>, time_ms: i64, fact: &Fact) -> bool {
        let known = self
            .tallies
            .iter()
            .position(|tally| tally.qualifier.as_deref() == qualifier);
        let at = match known {
            Some(at) => at,
            None if self.tallies.len() >= MAX_QUALIFIERS => return false,
            None => {
                self.tallies.push(Tally {
                    qualifier: qualifier.map(str::to_owned),
                    minutes: Vec::new(),
                });
                self.tallies.len() - 1
            }
        };
        let minute = self.tallies[at].minute(time_ms);
        samples(fact, |kind, value| minute.add(kind, value));
        true
    }
}

impl Tally {
    fn minute(&mut self, time_ms: i64) -> &mut Minute {
        let same =
            |minute: &Minute| minute.time_ms.div_euclid(60_000) == time_ms.div_euclid(60_000);
        let at = match self.minutes.iter().rposition(same) {
            Some(at) => at,
            None if self.minutes.len() >= MAX_MINUTES => MAX_MINUTES - 1,
            None => {
                self.minutes.push(Minute {
                    time_ms,
                    samples: Vec::new(),
                });
                self.minutes.len() - 1
            }
        };
        &mut self.minutes[at]
    }
}

impl Minute {
    fn add(&mut self, kind: Kind, value: f64) {
        match self.samples.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, bucket)) => bucket.add(value, 1.0),
            None => self.samples.push((kind, Bucket::of(value))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::metric::catalog::Metric;

    fn invoked() -> Fact {
        Fact::Invoked {
            duration: Duration::from_millis(5),
            error: false,
            cold_start: None,
        }
    }

    #[test]
    fn facts_are_added_up_by_qualifier_and_minute() {
        let tallies = Tallies::default();
        let function = FunctionKey {
            account: "000000000000".to_owned(),
            region: "us-east-1".to_owned(),
            name: "f".to_owned(),
        };
        for (qualifier, time_ms) in [(None, 0), (None, 59_999), (None, 60_000), (Some("live"), 0)] {
            let subject = Subject {
                function: &function,
                qualifier,
            };
            assert!(tallies.add(&subject, time_ms, &invoked()));
        }
        let drained = tallies.drain();
        assert_eq!(drained.len(), 2);
        let unqualified = &drained[0];
        assert_eq!(unqualified.minutes.len(), 2);
        let (kind, bucket) = &unqualified.minutes[0].samples[0];
        assert_eq!((kind.metric, bucket.count), (Metric::Invocations, 2.0));
        assert_eq!(drained[1].qualifier.as_deref(), Some("live"));
        assert!(tallies.drain().is_empty());
        assert!(tallies.prometheus().contains("} 4"));
    }
}
