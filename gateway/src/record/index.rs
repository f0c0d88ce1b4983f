//! Which invocations have records, in memory: by function and time, and by request id. Pure.
//!
//! Invariants: `by_id` names exactly the entries of all trails; `entries` and `bytes` are their number and what they take on the disk.
//! What is over a bound goes oldest first, a good part at once, so that the disk need not be trimmed for each record. The runs of an
//! invocation lie together under the time of its first run.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use uuid::Uuid;

use super::query::{Order, Place, Query};
use super::run::{Glance, Status};
use crate::function::FunctionKey;

/// How much is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Invocations of one function.
    pub(super) of_function: usize,
    /// Invocations of all functions.
    pub(super) of_all: usize,
    /// Bytes on the disk, of all functions.
    pub(super) bytes: u64,
    /// How old they become, milliseconds.
    pub(super) age_ms: i64,
}

/// A function's records older than this are to be removed from the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) function: FunctionKey,
    pub(super) before_ms: i64,
}

/// One invocation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Entry {
    /// Costs by attempt: a run takes the place of an earlier one with its number.
    costs: Vec<(u32, u64)>,
    /// How the run with the highest number ended.
    last: Option<Status>,
    bytes: u64,
}

impl Entry {
    fn cost(&self) -> u64 {
        let costs = self.costs.iter().map(|(_, cost)| *cost);
        costs.fold(0, u64::saturating_add)
    }

    fn take(&mut self, run: Glance, bytes: u64) {
        let cost = run.billed_ms.saturating_mul(run.memory_mib.into());
        match self
            .costs
            .binary_search_by_key(&run.attempt, |(attempt, _)| *attempt)
        {
            Ok(at) => self.costs[at].1 = cost,
            Err(at) => self.costs.insert(at, (run.attempt, cost)),
        }
        if self
            .costs
            .last()
            .is_some_and(|(last, _)| *last == run.attempt)
        {
            self.last = Some(run.status);
        }
        self.bytes = self.bytes.saturating_add(bytes);
    }
}

/// The invocations of one function, by the time of their first run.
type Trail = BTreeMap<(i64, Uuid), Entry>;

/// Which invocations have records.
pub(super) struct Index {
    bounds: Bounds,
    trails: BTreeMap<FunctionKey, Trail>,
    by_id: HashMap<Uuid, (FunctionKey, i64)>,
    bytes: u64,
}

impl Index {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            trails: BTreeMap::new(),
            by_id: HashMap::new(),
            bytes: 0,
        }
    }

    /// Whether the function has a trail, be it an empty one.
    pub(super) fn has_trail(&self, function: &FunctionKey) -> bool {
        self.trails.contains_key(function)
    }

    /// Begins a function's trail.
    pub(super) fn begin_trail(&mut self, function: &FunctionKey) {
        self.trails.entry(function.clone()).or_default();
    }

    /// A function with a trail in which nothing is.
    pub(super) fn empty_trail(&self) -> Option<FunctionKey> {
        let mut trails = self.trails.iter();
        let (function, _) = trails.find(|(_, trail)| trail.is_empty())?;
        Some(function.clone())
    }

    /// Ends a function's trail.
    pub(super) fn end_trail(&mut self, function: &FunctionKey) {
        self.trails.remove(function);
    }

    /// Under which function and time an invocation's runs lie.
    pub(super) fn find(&self, request_id: Uuid) -> Option<(&FunctionKey, i64)> {
        let (function, started_ms) = self.by_id.get(&request_id)?;
        Some((function, *started_ms))
    }

    /// Takes a run of `function` that takes `bytes` on the disk; answers the time under which it lies, which is `started_ms` unless
    /// an earlier run of the invocation is known.
    pub(super) fn add(
        &mut self,
        function: &FunctionKey,
        started_ms: i64,
        run: Glance,
        bytes: u64,
    ) -> i64 {
        let (_, time_ms) = self
            .by_id
            .entry(run.request_id)
            .or_insert_with(|| (function.clone(), started_ms));
        let place = (*time_ms, run.request_id);
        let trail = self.trails.entry(function.clone()).or_default();
        trail.entry(place).or_default().take(run, bytes);
        self.bytes = self.bytes.saturating_add(bytes);
        place.0
    }

    /// Forgets what is too old at `now_ms`; answers what the store must remove.
    pub(super) fn cut_old(&mut self, now_ms: i64) -> Vec<Cut> {
        let mut cuts = BTreeMap::new();
        let before_ms = now_ms.saturating_sub(self.bounds.age_ms);
        self.cut_all(before_ms, &mut cuts);
        listed(cuts)
    }

    /// Forgets what is too much; answers what the store must remove.
    pub(super) fn cut_surplus(&mut self) -> Vec<Cut> {
        let mut cuts = BTreeMap::new();
        let trails = self.trails.iter();
        let full = trails.filter(|(_, trail)| trail.len() > self.bounds.of_function);
        let full: Vec<FunctionKey> = full.map(|(function, _)| function.clone()).collect();
        for function in full {
            let trail = &self.trails[&function];
            let oldest = trail
                .keys()
                .nth(trail.len() - self.bounds.of_function * 3 / 4);
            if let Some((oldest_ms, _)) = oldest.copied() {
                self.cut_one(&function, oldest_ms, &mut cuts);
            }
        }
        while self.by_id.len() > self.bounds.of_all || self.bytes > self.bounds.bytes {
            let mut times: Vec<i64> = self.by_id.values().map(|(_, time_ms)| *time_ms).collect();
            let tenth = times.len() / 10;
            let (_, tenth_ms, _) = times.select_nth_unstable(tenth);
            let before_ms = tenth_ms.saturating_add(1);
            self.cut_all(before_ms, &mut cuts);
        }
        listed(cuts)
    }

    fn cut_all(&mut self, before_ms: i64, cuts: &mut BTreeMap<FunctionKey, i64>) {
        let has_old = |trail: &Trail| trail.keys().next().is_some_and(|(ms, _)| *ms < before_ms);
        let old: Vec<FunctionKey> = self
            .trails
            .iter()
            .filter(|(_, trail)| has_old(trail))
            .map(|(function, _)| function.clone())
            .collect();
        for function in old {
            self.cut_one(&function, before_ms, cuts);
        }
    }

    fn cut_one(
        &mut self,
        function: &FunctionKey,
        before_ms: i64,
        cuts: &mut BTreeMap<FunctionKey, i64>,
    ) {
        let Some(trail) = self.trails.get_mut(function) else {
            return;
        };
        let kept = trail.split_off(&(before_ms, Uuid::nil()));
        for ((_, request_id), entry) in std::mem::replace(trail, kept) {
            self.by_id.remove(&request_id);
            self.bytes = self.bytes.saturating_sub(entry.bytes);
        }
        cuts.insert(function.clone(), before_ms);
    }

    /// The places of a page, in order, and whether others follow.
    pub(super) fn page(&self, query: &Query) -> (Vec<(FunctionKey, Place)>, bool) {
        let mut found: Vec<(&FunctionKey, Place)> = Vec::new();
        for (function, trail) in self.asked(query) {
            let places = matching(trail, query);
            let wanted = query.limit.saturating_add(1);
            match query.order {
                Order::Recent => found.extend(places.take(wanted).map(|place| (function, place))),
                Order::Expensive => found.extend(places.map(|place| (function, place))),
            }
            if found.len() > wanted.saturating_mul(2) {
                keep_first(&mut found, wanted);
            }
        }
        keep_first(&mut found, query.limit.saturating_add(1));
        found.sort_unstable_by_key(|(_, place)| std::cmp::Reverse(*place));
        let more = found.len() > query.limit;
        found.truncate(query.limit);
        let owned = found.into_iter();
        let owned = owned.map(|(function, place)| (function.clone(), place));
        (owned.collect(), more)
    }

    fn asked(&self, query: &Query) -> impl Iterator<Item = (&FunctionKey, &Trail)> {
        let name = query.function.as_deref();
        let first = FunctionKey {
            account: query.account.clone(),
            region: query.region.clone(),
            name: name.unwrap_or_default().to_owned(),
        };
        let (account, region) = (first.account.clone(), first.region.clone());
        self.trails
            .range(first..)
            .take_while(move |(key, _)| key.account == account && key.region == region)
            .take_while(move |(key, _)| name.is_none_or(|name| key.name == name))
    }
}

fn listed(cuts: BTreeMap<FunctionKey, i64>) -> Vec<Cut> {
    let cuts = cuts.into_iter();
    cuts.map(|(function, before_ms)| Cut {
        function,
        before_ms,
    })
    .collect()
}

/// The places of a trail that a query asks for, the latest first.
fn matching(trail: &Trail, query: &Query) -> impl Iterator<Item = Place> {
    let order = query.order;
    let newest = (query.to_ms, Uuid::max());
    let newest = match (order, query.after) {
        (Order::Recent, Some(after)) => newest.min((after.started_ms(), after.request_id())),
        _ => newest,
    };
    let oldest = (query.from_ms, Uuid::nil()).min(newest);
    let (from_ms, after, failed) = (query.from_ms, query.after, query.failed);
    trail
        .range((Bound::Included(oldest), Bound::Included(newest)))
        .rev()
        .take_while(move |((time_ms, _), _)| *time_ms >= from_ms)
        .filter(move |(_, entry)| !failed || entry.last != Some(Status::Succeeded))
        .map(move |((time_ms, id), entry)| order.place(entry.cost(), *time_ms, *id))
        .filter(move |place| after.is_none_or(|after| *place < after))
}

/// Leaves the first `count` in the order of the list, themselves in no order.
fn keep_first(found: &mut Vec<(&FunctionKey, Place)>, count: usize) {
    if found.len() > count {
        found.select_nth_unstable_by_key(count, |(_, place)| std::cmp::Reverse(*place));
        found.truncate(count);
    }
}

#[cfg(test)]
#[path = "index_tests.rs"]
mod tests;
