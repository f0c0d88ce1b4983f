//! What the store holds of the series: who wrote what, and how it is read back.
//!
//! ```text
//! metric/series       definitions: number, key, last data. The newest of a number counts.
//! metric/recent       a log of recent buckets: a delta for each flush; a snapshot now and then, which replaces all before it.
//! metric/ID           settled buckets of a series by the hour, a minute each.
//! metric/ID/seconds   the same by the second, of data stored at that resolution.
//! ```
//! A flush is one append, however many series it touches. Settling is one append too: the settled buckets together with the
//! snapshot that no longer has them, so that a crash between the two cannot happen and nothing counts twice. Minutes are
//! kept for 15 days, seconds for three hours, as CloudWatch keeps those resolutions; coarser ones are not kept longer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::bucket::{Bucket, Slot};
use super::series::{Book, Definition, Delta, SeriesId};
use crate::store::{Journal, Range, Record, StoreError};

/// How long minutes are kept, seconds.
pub const RETENTION_S: i64 = 15 * 86_400;
/// How long seconds are kept, seconds.
pub const FINE_RETENTION_S: i64 = 3 * 3_600;
const SERIES: &str = "metric/series";
const RECENT: &str = "metric/recent";
const HOUR_S: i64 = 3_600;
/// Buckets are settled when their quarter of an hour is over.
const SETTLE_S: i64 = 900;
/// A definition is written anew when its series is this much younger, so that `RecentlyActive` outlives a restart.
const STALE_S: i64 = 3_600;
/// Every series is trimmed this often.
const TRIM_EVERY_S: i64 = 6 * 3_600;
/// Series trimmed at once.
const TRIM_STEP: usize = 20;
/// Records read at once.
const PAGE: usize = 1_000;

type Records = Vec<(String, i64, Bytes)>;

#[derive(Serialize, Deserialize)]
enum Entry {
    Delta(Delta),
    Snapshot(Delta),
}

/// Writes the store's part. There is one, so that its records follow each other.
pub(super) struct Ledger {
    journal: Arc<dyn Journal>,
    /// Time of the newest record in [`RECENT`] and [`SERIES`]: they grow, so that trimming removes what is before a snapshot.
    last_ms: i64,
    /// Buckets before this are settled.
    settled_s: i64,
    /// The next append to [`RECENT`] must be a snapshot.
    snapshot_due: bool,
    /// Where the trimming of series stands.
    trimmed_id: SeriesId,
    trim_due_s: i64,
}

impl Ledger {
    /// Reads the series and their recent buckets.
    pub(super) async fn open(
        journal: Arc<dyn Journal>,
        now_ms: i64,
    ) -> Result<(Self, Book), StoreError> {
        let mut book = Book::default();
        let mut last_ms = i64::MIN;
        let mut recent = Vec::new();
        read_all(&*journal, SERIES, i64::MIN, i64::MAX, |record| {
            last_ms = last_ms.max(record.time_ms);
            if let Some(definition) = decode(&record) {
                book.define(definition);
            }
        })
        .await?;
        read_all(&*journal, RECENT, i64::MIN, i64::MAX, |record| {
            last_ms = last_ms.max(record.time_ms);
            match decode(&record) {
                Some(Entry::Delta(delta)) => recent.push(delta),
                Some(Entry::Snapshot(snapshot)) => recent = vec![snapshot],
                None => {}
            }
        })
        .await?;
        for delta in recent {
            book.replay(delta);
        }
        let now_s = now_ms.div_euclid(1_000);
        let ledger = Self {
            journal,
            last_ms,
            settled_s: quarter(now_s),
            snapshot_due: false,
            trimmed_id: 0,
            trim_due_s: now_s + SETTLE_S,
        };
        Ok((ledger, book))
    }

    /// Whether a quarter of an hour is over since the last settling.
    pub(super) fn is_settling_due(&self, now_ms: i64) -> bool {
        quarter(now_ms.div_euclid(1_000)) > self.settled_s
    }

    /// Writes what is unwritten.
    pub(super) async fn write(
        &mut self,
        book: &Mutex<Book>,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let time_ms = self.time(now_ms);
        let (definitions, entry) = {
            let mut book = super::locked(book);
            let delta = book.take_delta();
            let definitions = book.due_definitions(i64::MAX);
            let entry = match self.snapshot_due {
                true => Entry::Snapshot(book.split(i64::MIN).1),
                false if delta.is_empty() && definitions.is_empty() => return Ok(()),
                false => Entry::Delta(delta),
            };
            (definitions, entry)
        };
        let mut records: Records = definitions.iter().map(|one| define(one, time_ms)).collect();
        records.push((RECENT.to_owned(), time_ms, encode(&entry)));
        self.append(book, definitions, records, false).await
    }

    /// Moves the buckets of past quarters of an hour (`everything`: all of them) from memory to the store.
    /// The caller keeps readers out meanwhile.
    ///
    /// # Cancel safety
    /// None: broken off between the append and its end, buckets would count twice.
    pub(super) async fn settle(
        &mut self,
        book: &Mutex<Book>,
        now_ms: i64,
        everything: bool,
    ) -> Result<(), StoreError> {
        let time_ms = self.time(now_ms);
        let quarter_s = quarter(now_ms.div_euclid(1_000));
        let before_s = if everything { i64::MAX } else { quarter_s };
        let (definitions, old, young) = {
            let mut book = super::locked(book);
            book.take_delta();
            let (old, young) = book.split(before_s);
            (book.due_definitions(STALE_S), old, young)
        };
        let mut records: Records = definitions.iter().map(|one| define(one, time_ms)).collect();
        for (id, buckets) in old {
            settled_records(id, buckets, &mut records);
        }
        let snapshot = encode(&Entry::Snapshot(young));
        records.push((RECENT.to_owned(), time_ms, snapshot));
        self.append(book, definitions, records, false).await?;
        super::locked(book).settled(before_s);
        self.settled_s = quarter_s;
        self.journal.trim(RECENT, time_ms).await?;
        Ok(())
    }

    /// Removes what is past its retention, of a few series at a time; of all of them once in a while.
    pub(super) async fn trim(&mut self, book: &Mutex<Book>, now_ms: i64) -> Result<(), StoreError> {
        let now_s = now_ms.div_euclid(1_000);
        if now_s < self.trim_due_s {
            return Ok(());
        }
        let since_s = now_s - RETENTION_S;
        for _ in 0..TRIM_STEP {
            let next = super::locked(book).next(self.trimmed_id, since_s);
            let Some((id, alive)) = next else {
                self.trim_due_s = now_s + TRIM_EVERY_S;
                self.trimmed_id = 0;
                return self.define_all(book, now_ms).await;
            };
            // A record carries the time of its hour's start: it goes when all of its hour is past.
            let before = |kept_s: i64| (now_s - kept_s - HOUR_S) * 1_000;
            let (minutes, seconds) = match alive {
                true => (before(RETENTION_S), before(FINE_RETENTION_S)),
                false => (i64::MAX, i64::MAX),
            };
            self.journal.trim(&stream(id), minutes).await?;
            self.journal.trim(&fine_stream(id), seconds).await?;
            let mut book = super::locked(book);
            if book.next(id - 1, since_s) == Some((id, false)) {
                book.forget(id);
            }
            drop(book);
            self.trimmed_id = id;
        }
        Ok(())
    }

    /// Writes every definition anew and removes the older ones.
    async fn define_all(&mut self, book: &Mutex<Book>, now_ms: i64) -> Result<(), StoreError> {
        let time_ms = self.time(now_ms);
        let definitions = super::locked(book).definitions();
        let records = definitions.iter().map(|one| define(one, time_ms)).collect();
        let due = self.snapshot_due;
        self.append(book, definitions, records, due).await?;
        self.journal.trim(SERIES, time_ms).await?;
        Ok(())
    }

    /// Appends; afterwards a snapshot is `due` or not. It is due, too, when the append failed or was broken off: memory
    /// holds all that is unsettled, so a snapshot puts the log right whatever became of the append.
    async fn append(
        &mut self,
        book: &Mutex<Book>,
        definitions: Vec<Definition>,
        records: Records,
        due: bool,
    ) -> Result<(), StoreError> {
        if records.is_empty() {
            return Ok(());
        }
        self.snapshot_due = true;
        self.journal.append(records).await?;
        self.snapshot_due = due;
        super::locked(book).defined(&definitions);
        Ok(())
    }

    fn time(&mut self, now_ms: i64) -> i64 {
        self.last_ms = now_ms.max(self.last_ms.saturating_add(1));
        self.last_ms
    }
}

fn quarter(time_s: i64) -> i64 {
    time_s - time_s.rem_euclid(SETTLE_S)
}

fn stream(id: SeriesId) -> String {
    format!("metric/{id}")
}

fn fine_stream(id: SeriesId) -> String {
    format!("metric/{id}/seconds")
}

fn encode<T: Serialize>(value: &T) -> Bytes {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).expect("writing to memory does not fail");
    Bytes::from(bytes)
}

fn decode<T: DeserializeOwned>(record: &Record) -> Option<T> {
    let read = ciborium::from_reader(&record.body[..]);
    if let Err(error) = &read {
        tracing::error!(%error, record.sequence, "a metric record cannot be read and is left out");
    }
    read.ok()
}

fn define(definition: &Definition, time_ms: i64) -> (String, i64, Bytes) {
    (SERIES.to_owned(), time_ms, encode(definition))
}

/// The records that hold settled buckets of a series: minutes by the hour, and seconds by the hour where there are any.
fn settled_records(id: SeriesId, buckets: Vec<(Slot, Bucket)>, records: &mut Records) {
    let mut minutes: BTreeMap<Slot, Bucket> = BTreeMap::new();
    let mut seconds = Vec::new();
    for (slot, bucket) in buckets {
        minutes.entry(slot.by_minute()).or_default().merge(&bucket);
        seconds.extend(slot.fine.then_some((slot, bucket)));
    }
    let minutes: Vec<_> = minutes.into_iter().collect();
    for (to, buckets) in [(stream(id), minutes), (fine_stream(id), seconds)] {
        let hour = |slot: &Slot| slot.time_s - slot.time_s.rem_euclid(HOUR_S);
        let same_hour = |a: &(Slot, Bucket), b: &(Slot, Bucket)| hour(&a.0) == hour(&b.0);
        for run in buckets.chunk_by(same_hour) {
            records.push((to.clone(), hour(&run[0].0) * 1_000, encode(&run)));
        }
    }
}

/// The settled buckets of a series that start in `from_s..to_s`, by the second where `fine`.
pub(super) async fn settled(
    journal: &dyn Journal,
    id: SeriesId,
    (from_s, to_s): (i64, i64),
    fine: bool,
) -> Result<Vec<(Slot, Bucket)>, StoreError> {
    let from_ms = (from_s - from_s.rem_euclid(HOUR_S)).saturating_mul(1_000);
    let to_ms = to_s.saturating_mul(1_000);
    let mut found = Vec::new();
    // A minute of fine data is in its seconds too.
    let streams = [(stream(id), !fine), (fine_stream(id), true)];
    for (name, takes_fine) in &streams[..if fine { 2 } else { 1 }] {
        read_all(journal, name, from_ms, to_ms, |record| {
            let buckets: Vec<(Slot, Bucket)> = decode(&record).unwrap_or_default();
            let wanted =
                |slot: &Slot| (from_s..to_s).contains(&slot.time_s) && (*takes_fine || !slot.fine);
            found.extend(buckets.into_iter().filter(|(slot, _)| wanted(slot)));
        })
        .await?;
    }
    Ok(found)
}

async fn read_all(
    journal: &dyn Journal,
    stream: &str,
    from_ms: i64,
    to_ms: i64,
    mut each: impl FnMut(Record) + Send,
) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let range = Range {
            stream,
            from_ms,
            to_ms,
            after,
            backward: false,
            limit: PAGE,
        };
        let records = journal.read(range).await?;
        let last = records.len() < PAGE;
        for record in records {
            after = Some((record.time_ms, record.sequence));
            each(record);
        }
        if last {
            return Ok(());
        }
    }
}
