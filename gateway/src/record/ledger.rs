//! Records in the store. For each function a document that says there are records, and two journals under the time of an
//! invocation's first run: the runs' figures, and the texts that were kept of them.
//!
//! Invariant: a function has its document before it has a record, and has no record any more when the document goes. A crash between
//! two steps leaves a document too many or records that are older than their bound, and the next start clears both.

use std::future::Future;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;

use super::index::{Cut, Index};
use super::run::{Glance, Kept, Run, decode, encode};
use crate::function::FunctionKey;
use crate::store::{Expect, Range, Record, Store, StoreError};

/// What the keys of the functions' documents start with.
const PREFIX: &str = "invocation-function/";
/// As many documents or records are read at once.
const STEP: usize = 500;
/// As many records go into one append.
const RECORDS_AT_ONCE: usize = 2_000;
/// How often a step is tried.
const ATTEMPTS: u32 = 3;
/// The wait behind a failed attempt, times its number.
const ATTEMPT_PAUSE: Duration = Duration::from_millis(200);

/// The records of every function in a store.
#[derive(Clone)]
pub(super) struct Ledger {
    store: Store,
}

impl Ledger {
    pub(super) fn new(store: Store) -> Self {
        Self { store }
    }

    /// Brings everything that is stored into an empty index.
    pub(super) async fn load(&self, index: &mut Index) -> Result<(), StoreError> {
        let mut after: Option<String> = None;
        loop {
            let documents = &self.store.documents;
            let found = documents.scan(PREFIX, after.as_deref(), STEP).await?;
            for document in &found {
                if let Some(function) = function_of(&document.key) {
                    self.load_function(&function, index).await?;
                }
            }
            match found.last() {
                Some(last) if found.len() == STEP => after = Some(last.key.clone()),
                _ => return Ok(()),
            }
        }
    }

    async fn load_function(
        &self,
        function: &FunctionKey,
        index: &mut Index,
    ) -> Result<(), StoreError> {
        index.begin_trail(function);
        let stream = runs_stream(function);
        let mut after = None;
        loop {
            let range = Range {
                after,
                ..all_of(&stream, STEP)
            };
            let records = self.store.journal.read(range).await?;
            for record in &records {
                after = Some((record.time_ms, record.sequence));
                if let Some(glance) = decode::<Glance>(&record.body) {
                    let bytes = record.body.len() as u64 + glance.kept_bytes;
                    index.add(function, record.time_ms, glance, bytes);
                }
            }
            if records.len() < STEP {
                return Ok(());
            }
        }
    }

    /// Writes runs and what was kept of them, and notes them in the index; durable when it returns.
    pub(super) async fn write(
        &self,
        index: &mut Index,
        runs: Vec<(FunctionKey, Run, Option<Kept>)>,
    ) -> Result<(), StoreError> {
        for (function, ..) in &runs {
            if !index.has_trail(function) {
                let (key, body) = (document_key(function), Bytes::from_static(b"{}"));
                let documents = &self.store.documents;
                retried(|| documents.put(&key, Expect::Any, body.clone())).await?;
                index.begin_trail(function);
            }
        }
        let mut records = Vec::with_capacity(runs.len());
        for (function, run, kept) in runs {
            let body = encode(&run);
            let bytes = body.len() as u64 + run.kept_bytes;
            let time_ms = index.add(&function, run.started_ms, Glance::from(&run), bytes);
            // Before the run: one whose texts are missing would not be told from one that kept none.
            records.extend(kept.map(|kept| (kept_stream(&function), time_ms, encode(&kept))));
            records.push((runs_stream(&function), time_ms, body));
        }
        for step in records.chunks(RECORDS_AT_ONCE) {
            retried(|| self.store.journal.append(step.to_vec())).await?;
        }
        Ok(())
    }

    /// The runs of a function's invocations that began at `time_ms`, as they were written.
    pub(super) async fn runs(
        &self,
        function: &FunctionKey,
        time_ms: i64,
    ) -> Result<Vec<Run>, StoreError> {
        let records = self.at(&runs_stream(function), time_ms).await?;
        let runs = records.iter().filter_map(|record| decode(&record.body));
        Ok(runs.collect())
    }

    /// What was kept of them.
    pub(super) async fn kept(
        &self,
        function: &FunctionKey,
        time_ms: i64,
    ) -> Result<Vec<Kept>, StoreError> {
        let records = self.at(&kept_stream(function), time_ms).await?;
        let kept = records.iter().filter_map(|record| decode(&record.body));
        Ok(kept.collect())
    }

    async fn at(&self, stream: &str, time_ms: i64) -> Result<Vec<Record>, StoreError> {
        let range = Range {
            from_ms: time_ms,
            to_ms: time_ms.saturating_add(1),
            ..all_of(stream, usize::MAX)
        };
        self.store.journal.read(range).await
    }

    /// Removes what was cut out of the index.
    pub(super) async fn trim(&self, cuts: &[Cut]) -> Result<(), StoreError> {
        let trimmed = cuts.iter().map(|cut| async {
            let journal = &self.store.journal;
            let kept = kept_stream(&cut.function);
            journal.trim(&kept, cut.before_ms).await?;
            journal
                .trim(&runs_stream(&cut.function), cut.before_ms)
                .await
        });
        let mut trimmed = join_all(trimmed).await.into_iter();
        trimmed.try_for_each(|trimmed| trimmed.map(drop))
    }

    /// Removes all that is left of a function's records; the caller sees to it that none is written meanwhile.
    pub(super) async fn forget(&self, function: &FunctionKey) -> Result<(), StoreError> {
        let everything = Cut {
            function: function.clone(),
            before_ms: i64::MAX,
        };
        self.trim(&[everything]).await?;
        let documents = &self.store.documents;
        documents.delete(&document_key(function), Expect::Any).await
    }
}

fn all_of(stream: &str, limit: usize) -> Range<'_> {
    Range {
        stream,
        from_ms: i64::MIN,
        to_ms: i64::MAX,
        after: None,
        backward: false,
        limit,
    }
}

fn path(function: &FunctionKey) -> String {
    format!("{}/{}/{}", function.account, function.region, function.name)
}

fn document_key(function: &FunctionKey) -> String {
    format!("{PREFIX}{}", path(function))
}

fn function_of(document_key: &str) -> Option<FunctionKey> {
    let mut parts = document_key.strip_prefix(PREFIX)?.splitn(3, '/');
    Some(FunctionKey {
        account: parts.next()?.to_owned(),
        region: parts.next()?.to_owned(),
        name: parts.next()?.to_owned(),
    })
}

fn runs_stream(function: &FunctionKey) -> String {
    format!("invocation/{}", path(function))
}

fn kept_stream(function: &FunctionKey) -> String {
    format!("invocation-kept/{}", path(function))
}

async fn retried<T, F>(step: impl Fn() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    let mut attempt = 1;
    loop {
        match step().await {
            Err(_) if attempt < ATTEMPTS => {
                tokio::time::sleep(ATTEMPT_PAUSE * attempt).await;
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}
