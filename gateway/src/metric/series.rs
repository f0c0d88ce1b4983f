//! The series that exist, and their buckets that are not settled in the store yet. Knows no store: it says what is to be
//! written, and is told what was.
//!
//! ```text
//! add ──→ unwritten ── delta ──→ written (in memory, and in the log of recent buckets) ── settle ──→ the store alone
//! ```
//! A bucket is in exactly one of the three; a reader adds up all of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::bucket::{Bucket, Slot};
use super::catalog;

/// Series of an account that its users made. CloudWatch itself has no such quota.
const MAX_CUSTOM_SERIES: usize = 10_000;
/// Series of an account in hearth's own namespace: about two thousand functions.
const MAX_OWN_SERIES: usize = 50_000;
/// Series of all accounts.
const MAX_SERIES: usize = 200_000;
/// Size of the unsettled buckets, in bins (16 bytes), from which they are settled early.
pub(super) const SETTLE_CELLS: usize = 2_000_000;
/// Size from which further buckets are refused: twice that, so that it is reached only when the store does not take them.
const MAX_CELLS: usize = 2 * SETTLE_CELLS;

/// A series' number in the store.
pub(super) type SeriesId = u64;
/// Buckets of some series.
pub(super) type Delta = Vec<(SeriesId, Vec<(Slot, Bucket)>)>;

/// What makes a series.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SeriesKey {
    /// Twelve digits.
    pub account: String,
    /// Such as `us-east-1`.
    pub region: String,
    /// Such as `AWS/Lambda`.
    pub namespace: String,
    /// Such as `Duration`.
    pub name: String,
    /// Name and value, sorted by name.
    pub dimensions: Vec<(String, String)>,
}

/// A series as the store remembers it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Definition {
    pub(super) id: SeriesId,
    pub(super) key: SeriesKey,
    /// Start of its newest bucket at the time of writing, seconds since the epoch.
    pub(super) last_s: i64,
}

struct Series {
    key: Arc<SeriesKey>,
    last_s: i64,
    /// `last_s` of its newest definition in the store.
    defined_s: i64,
    unwritten: BTreeMap<Slot, Bucket>,
    written: BTreeMap<Slot, Bucket>,
}

/// A series in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// What makes it.
    pub key: Arc<SeriesKey>,
    /// Start of its newest bucket, seconds since the epoch.
    pub last_s: i64,
}

/// All series.
#[derive(Default)]
pub(super) struct Book {
    ids: BTreeMap<Arc<SeriesKey>, SeriesId>,
    series: HashMap<SeriesId, Series>,
    last_id: SeriesId,
    /// Series by account, own and custom.
    sizes: HashMap<(String, bool), usize>,
    cells: usize,
    dirty: BTreeSet<SeriesId>,
    undefined: BTreeSet<SeriesId>,
}

fn is_own(key: &SeriesKey) -> bool {
    key.namespace == catalog::NAMESPACE
}

impl Book {
    /// Adds a bucket; answers whether there was room for it.
    pub(super) fn add(&mut self, key: &SeriesKey, slot: Slot, bucket: &Bucket) -> bool {
        if self.cells > MAX_CELLS {
            return false;
        }
        let id = match self.ids.get(key) {
            Some(id) => *id,
            None => match self.create(key) {
                Some(id) => id,
                None => return false,
            },
        };
        let Some(series) = self.series.get_mut(&id) else {
            return false;
        };
        series.last_s = series.last_s.max(slot.time_s);
        merge(&mut series.unwritten, slot, bucket, &mut self.cells);
        self.dirty.insert(id);
        true
    }

    fn create(&mut self, key: &SeriesKey) -> Option<SeriesId> {
        let own = is_own(key);
        let limit = if own {
            MAX_OWN_SERIES
        } else {
            MAX_CUSTOM_SERIES
        };
        let size = self.sizes.get(&(key.account.clone(), own)).copied();
        if size.unwrap_or(0) >= limit || self.series.len() >= MAX_SERIES {
            return None;
        }
        let id = self.last_id + 1;
        self.define(Definition {
            id,
            key: key.clone(),
            last_s: i64::MIN,
        });
        self.undefined.insert(id);
        Some(id)
    }

    /// Takes in a series that the store remembers.
    pub(super) fn define(&mut self, definition: Definition) {
        let Definition { id, key, last_s } = definition;
        self.last_id = self.last_id.max(id);
        if let Some(series) = self.series.get_mut(&id) {
            series.last_s = series.last_s.max(last_s);
            series.defined_s = last_s;
            return;
        }
        *self
            .sizes
            .entry((key.account.clone(), is_own(&key)))
            .or_default() += 1;
        let key = Arc::new(key);
        self.ids.insert(Arc::clone(&key), id);
        let series = Series {
            key,
            last_s,
            defined_s: last_s,
            unwritten: BTreeMap::new(),
            written: BTreeMap::new(),
        };
        self.series.insert(id, series);
    }

    /// Lets a series go.
    pub(super) fn forget(&mut self, id: SeriesId) {
        let Some(series) = self.series.remove(&id) else {
            return;
        };
        self.ids.remove(&series.key);
        self.dirty.remove(&id);
        self.undefined.remove(&id);
        let size_key = (series.key.account.clone(), is_own(&series.key));
        if let Some(size) = self.sizes.get_mut(&size_key) {
            *size -= 1;
        }
        self.sizes.retain(|_, size| *size > 0);
        let buckets = series.unwritten.values().chain(series.written.values());
        self.cells -= buckets.map(Bucket::cells).sum::<usize>();
    }

    /// The unsettled buckets of a series that start in `from_s..to_s`.
    pub(super) fn slots(
        &self,
        key: &SeriesKey,
        from_s: i64,
        to_s: i64,
    ) -> Option<(SeriesId, Vec<(Slot, Bucket)>)> {
        let id = *self.ids.get(key)?;
        let series = self.series.get(&id)?;
        let buckets = series.written.iter().chain(&series.unwritten);
        let within = |slot: &Slot| (from_s..to_s).contains(&slot.time_s);
        let found = buckets.filter(|(slot, _)| within(slot));
        let found = found.map(|(slot, bucket)| (*slot, bucket.clone()));
        Some((id, found.collect()))
    }

    /// The series of an account in a region that are `wanted`, in the order of their keys behind `after`, at most `limit`.
    pub(super) fn list(
        &self,
        (account, region): (&str, &str),
        after: Option<&SeriesKey>,
        limit: usize,
        wanted: impl Fn(&SeriesKey, i64) -> bool,
    ) -> Vec<Listed> {
        let first = SeriesKey {
            account: account.to_owned(),
            region: region.to_owned(),
            namespace: String::new(),
            name: String::new(),
            dimensions: Vec::new(),
        };
        let start = match after {
            Some(after) if *after > first => Bound::Excluded(after),
            _ => Bound::Included(&first),
        };
        self.ids
            .range::<SeriesKey, _>((start, Bound::Unbounded))
            .take_while(|(key, _)| key.account == account && key.region == region)
            .filter_map(|(key, id)| Some((key, self.series.get(id)?.last_s)))
            .filter(|(key, last_s)| wanted(key, *last_s))
            .map(|(key, last_s)| Listed {
                key: Arc::clone(key),
                last_s,
            })
            .take(limit)
            .collect()
    }

    /// Whether the unsettled buckets are so large that they should be settled.
    pub(super) fn is_large(&self) -> bool {
        self.cells >= SETTLE_CELLS
    }

    /// What is not written: it counts as written from now on.
    pub(super) fn take_delta(&mut self) -> Delta {
        let dirty = std::mem::take(&mut self.dirty);
        let mut delta = Vec::with_capacity(dirty.len());
        for id in dirty {
            let Some(series) = self.series.get_mut(&id) else {
                continue;
            };
            let unwritten = std::mem::take(&mut series.unwritten);
            for (slot, bucket) in &unwritten {
                self.cells -= bucket.cells();
                merge(&mut series.written, *slot, bucket, &mut self.cells);
            }
            delta.push((id, unwritten.into_iter().collect()));
        }
        delta
    }

    /// The definitions that the store does not have, and those that are more than `stale_s` behind their series.
    pub(super) fn due_definitions(&self, stale_s: i64) -> Vec<Definition> {
        let mut ids = self.undefined.clone();
        if stale_s < i64::MAX {
            let stale = |series: &Series| series.last_s.saturating_sub(series.defined_s) > stale_s;
            let series = self.series.iter();
            ids.extend(
                series
                    .filter(|(_, series)| stale(series))
                    .map(|(id, _)| *id),
            );
        }
        ids.into_iter()
            .filter_map(|id| self.definition(id))
            .collect()
    }

    /// Every definition.
    pub(super) fn definitions(&self) -> Vec<Definition> {
        let ids = self.series.keys();
        ids.filter_map(|id| self.definition(*id)).collect()
    }

    fn definition(&self, id: SeriesId) -> Option<Definition> {
        let series = self.series.get(&id)?;
        Some(Definition {
            id,
            key: (*series.key).clone(),
            last_s: series.last_s,
        })
    }

    /// These definitions are in the store now.
    pub(super) fn defined(&mut self, definitions: &[Definition]) {
        for Definition { id, last_s, .. } in definitions {
            self.undefined.remove(id);
            if let Some(series) = self.series.get_mut(id) {
                series.defined_s = *last_s;
            }
        }
    }

    /// The written buckets that start before `before_s` (to be settled), and the others.
    pub(super) fn split(&self, before_s: i64) -> (Delta, Delta) {
        let (mut old, mut young) = (Vec::new(), Vec::new());
        for (id, series) in &self.series {
            let owned = |(slot, bucket): (&Slot, &Bucket)| (*slot, bucket.clone());
            let (before, behind): (Vec<_>, Vec<_>) = series
                .written
                .iter()
                .map(owned)
                .partition(|(slot, _)| slot.time_s < before_s);
            old.extend((!before.is_empty()).then_some((*id, before)));
            young.extend((!behind.is_empty()).then_some((*id, behind)));
        }
        (old, young)
    }

    /// The written buckets that start before `before_s` are in the store now.
    pub(super) fn settled(&mut self, before_s: i64) {
        for series in self.series.values_mut() {
            series.written.retain(|slot, bucket| {
                let stays = slot.time_s >= before_s;
                if !stays {
                    self.cells -= bucket.cells();
                }
                stays
            });
        }
    }

    /// Takes in written buckets of the last run.
    pub(super) fn replay(&mut self, delta: Delta) {
        for (id, buckets) in delta {
            let Some(series) = self.series.get_mut(&id) else {
                continue;
            };
            for (slot, bucket) in buckets {
                series.last_s = series.last_s.max(slot.time_s);
                merge(&mut series.written, slot, &bucket, &mut self.cells);
            }
        }
    }

    /// The first series behind `after`, and whether it has data since `since_s`.
    pub(super) fn next(&self, after: SeriesId, since_s: i64) -> Option<(SeriesId, bool)> {
        (after + 1..=self.last_id).find_map(|id| {
            let series = self.series.get(&id)?;
            Some((id, series.last_s >= since_s))
        })
    }
}

fn merge(buckets: &mut BTreeMap<Slot, Bucket>, slot: Slot, bucket: &Bucket, cells: &mut usize) {
    let found = buckets.entry(slot).or_default();
    if !found.is_empty() {
        *cells -= found.cells();
    }
    found.merge(bucket);
    *cells += found.cells();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::unit::Unit;

    fn key(namespace: &str, name: &str) -> SeriesKey {
        SeriesKey {
            account: "000000000000".to_owned(),
            region: "us-east-1".to_owned(),
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            dimensions: Vec::new(),
        }
    }

    fn slot(time_s: i64) -> Slot {
        Slot::of(time_s * 1_000, false, Unit::NONE)
    }

    fn sum(book: &Book, key: &SeriesKey) -> f64 {
        let (_, slots) = book.slots(key, 0, i64::MAX).expect("known");
        slots.iter().map(|(_, bucket)| bucket.sum).sum()
    }

    #[test]
    fn a_bucket_is_seen_in_every_state_until_it_is_settled() {
        let (mut book, key) = (Book::default(), key("N", "M"));
        assert!(book.add(&key, slot(60), &Bucket::of(1.0)));
        assert_eq!(sum(&book, &key), 1.0);
        assert_eq!(book.take_delta().len(), 1);
        assert!(book.add(&key, slot(60), &Bucket::of(2.0)));
        assert!(book.add(&key, slot(600), &Bucket::of(4.0)));
        assert_eq!(sum(&book, &key), 7.0);
        let (old, young) = book.split(300);
        assert_eq!((old.len(), young.len()), (1, 0));
        book.settled(300);
        assert_eq!(sum(&book, &key), 6.0, "what came meanwhile stays");
        book.take_delta();
        book.settled(i64::MAX);
        assert_eq!((sum(&book, &key), book.cells), (0.0, 0));
    }

    #[test]
    fn an_accounts_series_are_bounded_and_its_own_metrics_are_counted_apart() {
        let mut book = Book::default();
        for number in 0..MAX_CUSTOM_SERIES {
            assert!(book.add(&key("N", &number.to_string()), slot(0), &Bucket::of(1.0)));
        }
        assert!(!book.add(&key("N", "one more"), slot(0), &Bucket::of(1.0)));
        assert!(book.add(&key("N", "0"), slot(0), &Bucket::of(1.0)));
        assert!(book.add(&key("AWS/Lambda", "Errors"), slot(0), &Bucket::of(1.0)));
        book.forget(1);
        assert!(book.add(&key("N", "one more"), slot(0), &Bucket::of(1.0)));
    }

    #[test]
    fn series_are_listed_in_pages() {
        let mut book = Book::default();
        for name in ["a", "b", "c"] {
            book.add(&key("N", name), slot(0), &Bucket::of(1.0));
        }
        let at = ("000000000000", "us-east-1");
        let page = book.list(at, None, 2, |_, _| true);
        assert_eq!(page.len(), 2);
        let rest = book.list(at, Some(&page[1].key), 2, |_, _| true);
        assert_eq!(rest.len(), 1);
        assert_eq!(rest[0].key.name, "c");
        assert!(
            book.list(("1", "us-east-1"), None, 2, |_, _| true)
                .is_empty()
        );
    }

    #[test]
    fn definitions_are_written_once_until_they_are_stale() {
        let (mut book, key) = (Book::default(), key("N", "M"));
        book.add(&key, slot(0), &Bucket::of(1.0));
        let definitions = book.due_definitions(i64::MAX);
        assert_eq!(definitions.len(), 1);
        book.defined(&definitions);
        assert!(book.due_definitions(3_600).is_empty());
        book.add(&key, slot(7_200), &Bucket::of(1.0));
        assert!(book.due_definitions(i64::MAX).is_empty());
        assert_eq!(book.due_definitions(3_600).len(), 1);
        let mut other = Book::default();
        other.define(definitions[0].clone());
        other.replay(vec![(1, vec![(slot(60), Bucket::of(2.0))])]);
        assert_eq!(sum(&other, &key), 2.0);
    }
}
