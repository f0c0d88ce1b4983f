//! Logs Insights queries as they run: each in a task of its own, a few at a time, and their results for a while after.
//!
//! ```text
//! Scheduled ─(a place)→ Running ─→ Complete · Failed · Timeout
//!     └──────────────────┴────→ Cancelled
//! ```
//! Results live in memory, bounded in number, size and time: the oldest that are over go first. Evaluation computes much, so it
//! has a thread of its own and does not hold up what else the server does.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::insights::{Exhausted, Pipeline, Query, ResultRow, Source};
use super::merge::{Merge, Source as Stream};
use super::retention::kept_from_ms;
use super::search::StreamChoice;
use super::{GroupKey, LogError, Logs};

/// Queries of an account in a region that are not over:
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html>.
const MAX_OPEN: usize = 30;
/// Queries that are evaluated at the same time.
const MAX_EVALUATED: usize = 2;
/// How long a query may be evaluated. AWS gives it an hour.
const EVALUATION_LIMIT: Duration = Duration::from_secs(5 * 60);
/// How long a query that is over is known. AWS keeps it for seven days.
const KEPT_MS: i64 = 60 * 60 * 1000;
/// Queries that are known at most.
const MAX_KNOWN: usize = 1_000;
/// The results of all queries that are over.
const MAX_RESULTS_BYTES: usize = 128 << 20;

/// What is asked.
#[derive(Clone, Debug)]
pub struct QueryRequest {
    /// In these groups, of one account in one region; at least one.
    pub groups: Vec<GroupKey>,
    /// First time, inclusive.
    pub from_ms: i64,
    /// Last time, exclusive.
    pub to_ms: i64,
    /// As it was written.
    pub text: String,
    /// As it was understood.
    pub query: Query,
    /// At most this many rows, unless the query says otherwise.
    pub limit: usize,
}

/// Where a query is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryStatus {
    /// It waits for a place.
    Scheduled,
    /// It is evaluated.
    Running,
    /// Its results are there.
    Complete,
    /// It needs more memory than it may have, or the store refused.
    Failed,
    /// It was stopped.
    Cancelled,
    /// It took too long.
    TimedOut,
}

impl QueryStatus {
    /// Whether it changes no more.
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Scheduled | Self::Running)
    }
}

/// What a query has looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueryStatistics {
    /// Events that its filters let through.
    pub matched: u64,
    /// Events that were read.
    pub scanned: u64,
    /// Their size, as AWS counts it.
    pub scanned_bytes: u64,
}

/// A query, as of now.
#[derive(Clone, Debug)]
pub struct QueryState {
    /// Its id.
    pub id: String,
    /// As it was written.
    pub text: String,
    /// Where it looks.
    pub groups: Vec<GroupKey>,
    /// When it was started, milliseconds since the epoch.
    pub created_ms: i64,
    /// How long it has taken, up to now or to its end.
    pub duration_ms: i64,
    /// Where it is.
    pub status: QueryStatus,
    /// What it has looked at.
    pub statistics: QueryStatistics,
    /// Empty until it is complete.
    pub rows: Arc<Vec<ResultRow>>,
}

/// Every query that is known.
pub(super) struct Queries {
    /// Oldest first.
    known: Mutex<VecDeque<Arc<Entry>>>,
    places: Semaphore,
    closing: CancellationToken,
}

impl Default for Queries {
    fn default() -> Self {
        Self {
            known: Mutex::default(),
            places: Semaphore::new(MAX_EVALUATED),
            closing: CancellationToken::new(),
        }
    }
}

struct Entry {
    id: String,
    text: String,
    groups: Vec<GroupKey>,
    created_ms: i64,
    cancelled: CancellationToken,
    progress: Progress,
    outcome: Mutex<Outcome>,
}

#[derive(Default)]
struct Progress {
    matched: AtomicU64,
    scanned: AtomicU64,
    scanned_bytes: AtomicU64,
}

#[derive(Clone)]
struct Outcome {
    status: QueryStatus,
    ended_ms: i64,
    rows: Arc<Vec<ResultRow>>,
    rows_bytes: usize,
}

/// Why a query failed.
#[derive(Debug, thiserror::Error)]
enum QueryFailure {
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
    #[error(transparent)]
    Log(#[from] LogError),
}

impl Entry {
    fn outcome(&self) -> Outcome {
        let outcome = self.outcome.lock();
        outcome.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Brings it on, unless it is over already; answers whether it was not.
    fn reach(&self, status: QueryStatus, now_ms: i64, rows: Vec<ResultRow>) -> bool {
        let outcome = self.outcome.lock();
        let mut outcome = outcome.unwrap_or_else(PoisonError::into_inner);
        let was_open = !outcome.status.is_over();
        if was_open {
            *outcome = Outcome {
                status,
                ended_ms: now_ms,
                rows_bytes: rows.iter().flatten().map(|(_, text)| 48 + text.len()).sum(),
                rows: Arc::new(rows),
            };
        }
        was_open
    }

    fn is_of(&self, account: &str, region: &str) -> bool {
        let group = self.groups.first();
        group.is_some_and(|group| group.account == account && group.region == region)
    }

    fn state(&self, now_ms: i64) -> QueryState {
        let outcome = self.outcome();
        let ended_ms = if outcome.status.is_over() {
            outcome.ended_ms
        } else {
            now_ms
        };
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        QueryState {
            id: self.id.clone(),
            text: self.text.clone(),
            groups: self.groups.clone(),
            created_ms: self.created_ms,
            duration_ms: ended_ms.saturating_sub(self.created_ms).max(0),
            status: outcome.status,
            statistics: QueryStatistics {
                matched: count(&self.progress.matched),
                scanned: count(&self.progress.scanned),
                scanned_bytes: count(&self.progress.scanned_bytes),
            },
            rows: outcome.rows,
        }
    }
}

impl Queries {
    fn with_known<T>(&self, act: impl FnOnce(&mut VecDeque<Arc<Entry>>) -> T) -> T {
        act(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn find(&self, account: &str, region: &str, id: &str) -> Result<Arc<Entry>, LogError> {
        let is_it = |entry: &&Arc<Entry>| entry.id == id && entry.is_of(account, region);
        self.with_known(|known| known.iter().find(is_it).cloned())
            .ok_or(LogError::QueryNotFound)
    }

    /// Ends what runs.
    pub(super) fn close(&self) {
        self.closing.cancel();
    }

    fn add(&self, request: &QueryRequest, now_ms: i64) -> Result<Arc<Entry>, LogError> {
        let entry = Arc::new(Entry {
            id: uuid::Uuid::new_v4().to_string(),
            text: request.text.clone(),
            groups: request.groups.clone(),
            created_ms: now_ms,
            cancelled: self.closing.child_token(),
            progress: Progress::default(),
            outcome: Mutex::new(Outcome {
                status: QueryStatus::Scheduled,
                ended_ms: now_ms,
                rows: Arc::default(),
                rows_bytes: 0,
            }),
        });
        self.with_known(|known| {
            forget(known, now_ms);
            let (mut open, mut all_open) = (0, 0);
            for other in known
                .iter()
                .filter(|other| !other.outcome().status.is_over())
            {
                all_open += 1;
                let group = entry.groups.first();
                open += usize::from(
                    group.is_some_and(|group| other.is_of(&group.account, &group.region)),
                );
            }
            if open >= MAX_OPEN || all_open >= MAX_KNOWN {
                return Err(LogError::TooManyQueries { most: MAX_OPEN });
            }
            known.push_back(Arc::clone(&entry));
            Ok(Arc::clone(&entry))
        })
    }
}

/// Lets go of queries that are over: those that were kept long enough, and the oldest where there are too many.
fn forget(known: &mut VecDeque<Arc<Entry>>, now_ms: i64) {
    let mut bytes: usize = known.iter().map(|entry| entry.outcome().rows_bytes).sum();
    let mut count = known.len();
    known.retain(|entry| {
        let outcome = entry.outcome();
        let is_old = outcome.ended_ms < now_ms.saturating_sub(KEPT_MS);
        let goes =
            outcome.status.is_over() && (is_old || bytes > MAX_RESULTS_BYTES || count >= MAX_KNOWN);
        if goes {
            bytes -= outcome.rows_bytes;
            count -= 1;
        }
        !goes
    });
}

impl Logs {
    /// Starts a query; answers its id.
    ///
    /// # Errors
    /// No such group, too many queries, or the store's own.
    pub async fn start_query(self: &Arc<Self>, request: QueryRequest) -> Result<String, LogError> {
        for group in &request.groups {
            self.group(group).await?.ok_or(LogError::GroupNotFound)?;
        }
        let entry = self.queries.add(&request, self.clock.now_ms())?;
        let id = entry.id.clone();
        let logs = Arc::clone(self);
        // It ends by its own limit of time, or with the logs.
        tokio::spawn(async move { logs.run_query(entry, request).await });
        Ok(id)
    }

    /// A query of an account in a region.
    ///
    /// # Errors
    /// There is none with this id, or none any more.
    pub fn query(&self, account: &str, region: &str, id: &str) -> Result<QueryState, LogError> {
        let entry = self.queries.find(account, region, id)?;
        Ok(entry.state(self.clock.now_ms()))
    }

    /// Ends a query; answers whether it was not over yet.
    ///
    /// # Errors
    /// There is none with this id, or none any more.
    pub fn stop_query(&self, account: &str, region: &str, id: &str) -> Result<bool, LogError> {
        let entry = self.queries.find(account, region, id)?;
        entry.cancelled.cancel();
        Ok(entry.reach(QueryStatus::Cancelled, self.clock.now_ms(), Vec::new()))
    }

    /// The queries of an account in a region, newest first.
    pub fn queries(&self, account: &str, region: &str) -> Vec<QueryState> {
        let now_ms = self.clock.now_ms();
        self.queries.with_known(|known| {
            forget(known, now_ms);
            let own = known
                .iter()
                .rev()
                .filter(|entry| entry.is_of(account, region));
            own.map(|entry| entry.state(now_ms)).collect()
        })
    }

    async fn run_query(self: Arc<Self>, entry: Arc<Entry>, request: QueryRequest) {
        let cancelled = entry.cancelled.clone();
        let place = cancelled
            .run_until_cancelled(self.queries.places.acquire())
            .await;
        let Some(_place) = place else {
            entry.reach(QueryStatus::Cancelled, self.clock.now_ms(), Vec::new());
            return;
        };
        if !entry.reach(QueryStatus::Running, self.clock.now_ms(), Vec::new()) {
            return;
        }
        let (logs, running) = (Arc::clone(&self), Arc::clone(&entry));
        let runtime = Handle::current();
        let evaluated = tokio::task::spawn_blocking(move || {
            let rows = logs.evaluate_query(&running.progress, request);
            let bounded = tokio::time::timeout(EVALUATION_LIMIT, rows);
            runtime.block_on(cancelled.run_until_cancelled(bounded))
        });
        let (status, rows) = match evaluated.await {
            Ok(Some(Ok(Ok(rows)))) => (QueryStatus::Complete, rows),
            Ok(Some(Ok(Err(error)))) => {
                tracing::info!(%error, query.id = entry.id, "a query failed");
                (QueryStatus::Failed, Vec::new())
            }
            Ok(Some(Err(_))) => (QueryStatus::TimedOut, Vec::new()),
            Ok(None) => (QueryStatus::Cancelled, Vec::new()),
            Err(error) => {
                tracing::error!(%error, query.id = entry.id, "a query broke off");
                (QueryStatus::Failed, Vec::new())
            }
        };
        entry.reach(status, self.clock.now_ms(), rows);
    }

    async fn evaluate_query(
        self: &Arc<Self>,
        progress: &Progress,
        request: QueryRequest,
    ) -> Result<Vec<ResultRow>, QueryFailure> {
        self.flush().await;
        let now_ms = self.clock.now_ms();
        let mut streams: Vec<Stream> = Vec::new();
        let mut origins: Vec<(Arc<GroupKey>, Arc<str>, i64)> = Vec::new();
        for group in &request.groups {
            let document = match self.find_group(group).await {
                // It was deleted after the query was started.
                Err(LogError::GroupNotFound) => continue,
                found => found?,
            };
            let from_ms = request
                .from_ms
                .max(kept_from_ms(document.retention_days, now_ms));
            let every = StreamChoice::Prefix(String::new());
            let (names, found) = self
                .sources(&document, &every, (from_ms, request.to_ms))
                .await?;
            let group = Arc::new(group.clone());
            origins.extend(
                names
                    .into_iter()
                    .map(|name| (Arc::clone(&group), name, from_ms)),
            );
            streams.extend(found);
        }
        let mut pipeline = Pipeline::new(request.query, request.limit, now_ms);
        let times = (request.from_ms, request.to_ms);
        let mut merge = Merge::new(&*self.store.journal, streams, times, None);
        while let Some((index, event)) = merge.next().await.map_err(LogError::from)? {
            let (group, stream, kept_from_ms) = &origins[index];
            if event.event.time_ms < *kept_from_ms {
                continue;
            }
            let size_bytes = event.event.size_bytes() as u64;
            progress.scanned.fetch_add(1, Ordering::Relaxed);
            progress
                .scanned_bytes
                .fetch_add(size_bytes, Ordering::Relaxed);
            pipeline.push(Source::new(Arc::clone(group), Arc::clone(stream), event))?;
            progress
                .matched
                .store(pipeline.matched(), Ordering::Relaxed);
        }
        Ok(pipeline.finish()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(account: &str) -> QueryRequest {
        QueryRequest {
            groups: vec![GroupKey {
                account: account.into(),
                region: "us-east-1".into(),
                name: "g".into(),
            }],
            from_ms: 0,
            to_ms: 1,
            text: String::new(),
            query: Query::parse("").unwrap(),
            limit: 1,
        }
    }

    #[tokio::test]
    async fn open_queries_are_bounded_for_each_account() {
        let queries = Queries::default();
        let open: Vec<_> = (0..MAX_OPEN)
            .map(|_| queries.add(&request("1"), 0).unwrap())
            .collect();
        assert!(queries.add(&request("1"), 0).is_err());
        queries.add(&request("2"), 0).unwrap();
        assert!(open[0].reach(QueryStatus::Complete, 0, Vec::new()));
        assert!(
            !open[0].reach(QueryStatus::Cancelled, 0, Vec::new()),
            "it is over"
        );
        queries.add(&request("1"), 0).unwrap();
    }

    #[tokio::test]
    async fn what_is_over_is_forgotten_by_age_number_and_size() {
        let queries = Queries::default();
        let known = |now_ms| {
            queries.with_known(|known| {
                forget(known, now_ms);
                known.len()
            })
        };
        let add = |rows_bytes: usize, now_ms| {
            let entry = queries.add(&request("1"), now_ms).unwrap();
            let rows = vec![vec![("a".into(), "x".repeat(rows_bytes))]];
            entry.reach(QueryStatus::Complete, now_ms, rows);
        };
        add(1, 0);
        assert_eq!((known(KEPT_MS), known(KEPT_MS + 1)), (1, 0));
        for _ in 0..3 {
            add(MAX_RESULTS_BYTES / 2, KEPT_MS);
        }
        assert_eq!(known(KEPT_MS), 1);
        for _ in 0..MAX_KNOWN + 5 {
            add(0, KEPT_MS);
        }
        assert!(known(KEPT_MS) < MAX_KNOWN);
        queries.add(&request("1"), KEPT_MS).unwrap();
        assert_eq!(known(3 * KEPT_MS), 1, "an open one stays");
    }
}
