//! An invocation as it is read: its runs put together.

use std::collections::{BTreeMap, HashMap};

use futures_util::future::try_join_all;
use uuid::Uuid;

use super::ledger::Ledger;
use super::query::Place;
use super::run::{Kept, Run};
use crate::function::FunctionKey;
use crate::store::StoreError;

/// As many reads of the store run at once.
const READS_AT_ONCE: usize = 16;

/// An invocation with all its runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Invocation {
    /// The function.
    pub function: FunctionKey,
    /// By their numbers; at least one.
    runs: Vec<Run>,
}

/// What was kept of an invocation, redacted; of the last run that has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptTexts {
    /// JSON.
    pub event: Option<String>,
    /// JSON.
    pub response: Option<String>,
}

impl Invocation {
    /// The invocation that these runs of one id make, in the order in which they were written; `None` of none.
    fn of(function: &FunctionKey, written: Vec<Run>) -> Option<Self> {
        let by_attempt: BTreeMap<u32, Run> =
            written.into_iter().map(|run| (run.attempt, run)).collect();
        let runs: Vec<Run> = by_attempt.into_values().collect();
        let function = function.clone();
        (!runs.is_empty()).then_some(Self { function, runs })
    }

    /// Its runs, by their numbers.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// Its first known run.
    pub fn first(&self) -> &Run {
        self.runs.first().expect("an invocation has a run")
    }

    /// Its last run, which says how it stands.
    pub fn last(&self) -> &Run {
        self.runs.last().expect("an invocation has a run")
    }

    /// What its runs are billed for, milliseconds.
    pub fn billed_ms(&self) -> u64 {
        let billed = self.runs.iter().map(|run| run.billed_ms);
        billed.fold(0, u64::saturating_add)
    }

    /// What its runs cost.
    pub fn gb_seconds(&self) -> f64 {
        let costs = self.runs.iter().map(Run::cost);
        costs.fold(0, u64::saturating_add) as f64 / (1024.0 * 1000.0)
    }
}

/// The invocations at these places, in their order; one that expired meanwhile is left out.
pub(super) async fn read_all(
    ledger: &Ledger,
    places: &[(FunctionKey, Place)],
) -> Result<Vec<Invocation>, StoreError> {
    let mut moments: Vec<(&FunctionKey, i64)> = places
        .iter()
        .map(|(function, place)| (function, place.started_ms()))
        .collect();
    moments.sort_unstable();
    moments.dedup();
    let mut by_id: HashMap<Uuid, Vec<Run>> = HashMap::new();
    for step in moments.chunks(READS_AT_ONCE) {
        let reads = step
            .iter()
            .map(|(function, time_ms)| ledger.runs(function, *time_ms));
        for run in try_join_all(reads).await?.into_iter().flatten() {
            by_id.entry(run.request_id).or_default().push(run);
        }
    }
    let found = places.iter().filter_map(|(function, place)| {
        let runs = by_id.remove(&place.request_id())?;
        Invocation::of(function, runs)
    });
    Ok(found.collect())
}

/// The invocation with this id, and what was kept of it.
pub(super) async fn read(
    ledger: &Ledger,
    function: &FunctionKey,
    time_ms: i64,
    request_id: Uuid,
) -> Result<Option<(Invocation, KeptTexts)>, StoreError> {
    let mut runs = ledger.runs(function, time_ms).await?;
    runs.retain(|run| run.request_id == request_id);
    let has_kept = runs.iter().any(|run| run.kept_bytes > 0);
    let Some(invocation) = Invocation::of(function, runs) else {
        return Ok(None);
    };
    let mut texts = KeptTexts::default();
    if has_kept {
        let kept = ledger.kept(function, time_ms).await?.into_iter();
        for Kept {
            event, response, ..
        } in kept.filter(|kept| kept.request_id == request_id)
        {
            texts.event = event.or(texts.event);
            texts.response = response.or(texts.response);
        }
    }
    Ok(Some((invocation, texts)))
}
