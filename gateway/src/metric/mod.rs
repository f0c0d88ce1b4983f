//! Metric series: what is recorded, and its statistics. Knows no HTTP.
//!
//! ```text
//! observe (warm path) → tally ─┐ drained by whoever reads or writes
//! embedded, put ───────────────┴→ series (unsettled buckets, bounded) → ledger → store
//!                                        │ read = series + store
//!                                        └→ statistic → expression
//! ```
//! Invariants: a reader sees everything that was recorded before it asked; what [`Metrics::put`] acknowledged survives
//! `kill -9`; hearth's own metrics are written every [`FLUSH_INTERVAL`] and when the server stops.

mod arithmetic;
pub mod bucket;
pub mod catalog;
mod distribution;
pub mod embedded;
pub mod evaluation;
pub mod expression;
mod ledger;
mod lexer;
mod prometheus;
pub mod record;
mod series;
pub mod statistic;
mod tally;
pub mod unit;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

pub use bucket::{Bucket, Slot};
pub use ledger::{FINE_RETENTION_S, RETENTION_S};
pub use series::{Listed, SeriesKey};
pub use unit::Unit;

use ledger::Ledger;
use record::{Fact, Subject};
use series::Book;
use tally::Tallies;

use crate::clock::Clock;
use crate::store::{Store, StoreError};

/// How long hearth's own metrics wait at most until they are written.
const FLUSH_INTERVAL: Duration = Duration::from_secs(5);

/// One recorded value, or several of the same time.
#[derive(Clone, Debug, PartialEq)]
pub struct Datum {
    /// Such as `Orders`.
    pub namespace: String,
    /// Such as `Placed`.
    pub name: String,
    /// Sorted by name.
    pub dimensions: Vec<(String, String)>,
    /// Where its values lie.
    pub slot: Slot,
    /// Its values.
    pub bucket: Bucket,
}

/// Why data were not recorded.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    /// As many series or unsettled data as are kept.
    #[error("{refused} data were refused: the account has as many metrics as are kept")]
    Full {
        /// How many data.
        refused: usize,
    },
    /// The store's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What [`Metrics::read`] reads: buckets that start in `from_s..to_s`, seconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First start, inclusive.
    pub from_s: i64,
    /// Last start, exclusive.
    pub to_s: i64,
    /// Whether data that were stored by the second are wanted so; else their minutes will do.
    pub fine: bool,
}

/// Metric series of every account.
pub struct Metrics {
    clock: Clock,
    store: Store,
    tallies: Tallies,
    book: Mutex<Book>,
    ledger: tokio::sync::Mutex<Ledger>,
    /// Held for writing while buckets move from memory to the store, so that no reader sees them twice or not at all.
    settling: tokio::sync::RwLock<()>,
    refused: AtomicU64,
}

/// Whether data of this time are taken: up to two weeks back, and two hours ahead.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html>
pub fn is_recordable(time_ms: i64, now_ms: i64) -> bool {
    const BACK_MS: i64 = 14 * 86_400_000;
    const AHEAD_MS: i64 = 2 * 3_600_000;
    (now_ms - BACK_MS..=now_ms + AHEAD_MS).contains(&time_ms)
}

/// Whether a dimension can have this name or value: ASCII with at least one letter that is seen.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html>
pub fn is_dimension_text(text: &str) -> bool {
    let allowed = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
    text.bytes().all(allowed) && text.bytes().any(|byte| byte != b' ')
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Metrics {
    /// Opens the series of the last run. [`Metrics::maintain`] must be spawned beside.
    ///
    /// # Errors
    /// The store's.
    pub async fn open(store: Store, clock: Clock) -> Result<Arc<Self>, StoreError> {
        let journal = Arc::clone(&store.journal);
        let (ledger, book) = Ledger::open(journal, clock.now_ms()).await?;
        Ok(Arc::new(Self {
            clock,
            store,
            tallies: Tallies::default(),
            book: Mutex::new(book),
            ledger: tokio::sync::Mutex::new(ledger),
            settling: tokio::sync::RwLock::new(()),
            refused: AtomicU64::new(0),
        }))
    }

    /// Records what happened to a function; never blocks, and costs about a microsecond.
    pub fn observe(&self, subject: &Subject<'_>, fact: &Fact) {
        if !self.tallies.add(subject, self.clock.now_ms(), fact) {
            self.refuse(1);
        }
    }

    /// Takes the metrics out of a log line in Embedded Metric Format; any other line is ignored at the cost of a byte search.
    pub fn embedded(&self, account: &str, region: &str, time_ms: i64, line: &str) {
        if !embedded::may_hold_metrics(line) {
            return;
        }
        let data = embedded::data(line, time_ms, self.clock.now_ms());
        let refused = self.add(account, region, &data);
        self.refuse(refused);
    }

    /// Records data of a user's own; durable when it returns.
    ///
    /// # Errors
    /// There was no room for some of them (the others are recorded), or the store's fault.
    pub async fn put(&self, account: &str, region: &str, data: &[Datum]) -> Result<(), PutError> {
        let refused = self.add(account, region, data);
        self.write().await?;
        self.refuse(refused);
        match refused {
            0 => Ok(()),
            _ => Err(PutError::Full { refused }),
        }
    }

    /// The buckets of a series, in no order; several of one slot add up.
    ///
    /// # Errors
    /// The store's.
    pub async fn read(
        &self,
        key: &SeriesKey,
        span: Span,
    ) -> Result<Vec<(Slot, Bucket)>, StoreError> {
        let Span { from_s, to_s, fine } = span;
        let _still = self.settling.read().await;
        let found = self.drained().slots(key, from_s, to_s);
        let Some((id, mut buckets)) = found else {
            return Ok(Vec::new());
        };
        let journal = &*self.store.journal;
        buckets.extend(ledger::settled(journal, id, (from_s, to_s), fine).await?);
        Ok(buckets)
    }

    /// The series of an account in a region that are `wanted` (by key and start of the newest bucket, seconds since the
    /// epoch), in the order of their keys behind `after`, at most `limit`.
    pub fn list(
        &self,
        account: &str,
        region: &str,
        after: Option<&SeriesKey>,
        limit: usize,
        wanted: impl Fn(&SeriesKey, i64) -> bool,
    ) -> Vec<Listed> {
        self.drained().list((account, region), after, limit, wanted)
    }

    /// hearth's own metrics since the start, in Prometheus's text format.
    pub fn prometheus(&self) -> String {
        self.tallies.prometheus()
    }

    /// Writes what is buffered to the store.
    pub async fn flush(self: &Arc<Self>) {
        if let Err(error) = self.write().await {
            tracing::error!(%error, "write metrics; they are kept in memory and written later");
        }
    }

    /// Writes, settles and trims until `closing` fires, then writes once more. The server spawns it.
    pub async fn maintain(self: Arc<Self>, closing: CancellationToken) {
        let mut ticks = interval(FLUSH_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = closing.cancelled() => break,
                _ = ticks.tick() => {}
            }
            self.flush().await;
            if let Err(error) = self.tidy().await {
                tracing::error!(%error, "settle and trim metrics; it is tried again");
            }
        }
        self.flush().await;
    }

    async fn write(&self) -> Result<(), StoreError> {
        let mut ledger = self.ledger.lock().await;
        drop(self.drained());
        ledger.write(&self.book, self.clock.now_ms()).await
    }

    /// Settles and trims what is due.
    async fn tidy(&self) -> Result<(), StoreError> {
        let now_ms = self.clock.now_ms();
        let mut ledger = self.ledger.lock().await;
        let large = self.drained().is_large();
        if large || ledger.is_settling_due(now_ms) {
            let _no_reader = self.settling.write().await;
            ledger.settle(&self.book, now_ms, large).await?;
        }
        ledger.trim(&self.book, now_ms).await
    }

    /// The series, with everything in them that was observed.
    fn drained(&self) -> MutexGuard<'_, Book> {
        let mut book = locked(&self.book);
        let mut refused = 0;
        for drained in self.tallies.drain() {
            drained.each(|key, slot, bucket| {
                refused += usize::from(!book.add(key, slot, bucket));
            });
        }
        self.refuse(refused);
        book
    }

    fn add(&self, account: &str, region: &str, data: &[Datum]) -> usize {
        let mut book = locked(&self.book);
        let added = |datum: &Datum| {
            let key = SeriesKey {
                account: account.to_owned(),
                region: region.to_owned(),
                namespace: datum.namespace.clone(),
                name: datum.name.clone(),
                dimensions: datum.dimensions.clone(),
            };
            book.add(&key, datum.slot, &datum.bucket)
        };
        data.len() - data.iter().map(added).filter(|added| *added).count()
    }

    /// Counts what was refused for lack of room, and says so the first time.
    fn refuse(&self, data: usize) {
        if data > 0 && self.refused.fetch_add(data as u64, Ordering::Relaxed) == 0 {
            tracing::warn!("as many metrics as are kept: data of further ones are dropped");
        }
    }
}

#[cfg(test)]
mod tests;
