//! The events of many streams in one order: (time, sequence).
//!
//! A heap holds, for each stream, the place of its next event: exact while a page of it is held, otherwise a lower bound. A
//! stream is read only when its bound comes up, so streams that begin behind the end of the search cost no query. When the
//! pages held exceed [`HELD_BYTES`], those whose turn has not come are let go and read again in their turn; memory stays
//! within that and one page.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::event::StoredEvent;
use crate::store::{Journal, Range, Record, StoreError};

/// Pages of this size, all together, may be held.
const HELD_BYTES: usize = 32 << 20;
/// As many events, all together, may be asked for in the streams' pages.
const HELD_EVENTS: usize = 8192;
/// The least and the most events of one page.
const PAGE_EVENTS: (usize, usize) = (16, 512);

/// A stream to be merged.
pub(super) struct Source {
    /// Its events in the journal.
    pub(super) journal_key: String,
    /// A time before which it has no event.
    pub(super) from_ms: i64,
}

struct Cursor {
    journal_key: String,
    /// The place of the last event that was handed out.
    after: Option<(i64, u64)>,
    page: VecDeque<Record>,
    page_bytes: usize,
}

/// Hands out the events of many streams one by one.
pub(super) struct Merge<'a> {
    journal: &'a dyn Journal,
    from_ms: i64,
    to_ms: i64,
    page_events: usize,
    held_limit_bytes: usize,
    held_bytes: usize,
    cursors: Vec<Cursor>,
    next: BinaryHeap<Reverse<((i64, u64), usize)>>,
}

impl<'a> Merge<'a> {
    /// Merges the events of `sources` in `from_ms..to_ms` behind `after`.
    pub(super) fn new(
        journal: &'a dyn Journal,
        sources: Vec<Source>,
        (from_ms, to_ms): (i64, i64),
        after: Option<(i64, u64)>,
    ) -> Self {
        let start = after.unwrap_or((from_ms, 0));
        let page_events = HELD_EVENTS / sources.len().max(1);
        let bounds = sources.iter().map(|source| (source.from_ms, 0).max(start));
        let next = bounds.zip(0..).map(Reverse).collect();
        let cursors = sources.into_iter().map(|source| Cursor {
            journal_key: source.journal_key,
            after,
            page: VecDeque::new(),
            page_bytes: 0,
        });
        Self {
            journal,
            from_ms,
            to_ms,
            page_events: page_events.clamp(PAGE_EVENTS.0, PAGE_EVENTS.1),
            held_limit_bytes: HELD_BYTES,
            held_bytes: 0,
            cursors: cursors.collect(),
            next,
        }
    }

    /// Whether there is no further event.
    pub(super) fn is_done(&self) -> bool {
        self.next.is_empty()
    }

    /// The next event and the index of its source.
    pub(super) async fn next(&mut self) -> Result<Option<(usize, StoredEvent)>, StoreError> {
        while let Some(Reverse((_, index))) = self.next.pop() {
            if self.cursors[index].page.is_empty() {
                self.load(index).await?;
                let Some(place) = self.cursors[index].page.front().map(place_of) else {
                    continue;
                };
                if self.next.peek().is_some_and(|first| first.0.0 < place) {
                    self.next.push(Reverse((place, index)));
                    self.let_go(index);
                    continue;
                }
            }
            return Ok(Some((index, self.hand_out(index))));
        }
        Ok(None)
    }

    /// Reads a cursor's next page.
    async fn load(&mut self, index: usize) -> Result<(), StoreError> {
        let cursor = &mut self.cursors[index];
        let records = self
            .journal
            .read(Range {
                stream: &cursor.journal_key,
                from_ms: self.from_ms,
                to_ms: self.to_ms,
                after: cursor.after,
                backward: false,
                limit: self.page_events,
            })
            .await?;
        cursor.page_bytes = records.iter().map(|record| record.body.len()).sum();
        cursor.page = records.into();
        self.held_bytes += cursor.page_bytes;
        Ok(())
    }

    /// Lets a page go where too much is held; its place in the heap stays.
    fn let_go(&mut self, index: usize) {
        if self.held_bytes > self.held_limit_bytes {
            let cursor = &mut self.cursors[index];
            self.held_bytes -= cursor.page_bytes;
            cursor.page = VecDeque::new();
            cursor.page_bytes = 0;
        }
    }

    /// Takes the first event of a page that holds one, and notes the place of the one behind it.
    fn hand_out(&mut self, index: usize) -> StoredEvent {
        let cursor = &mut self.cursors[index];
        let record = cursor
            .page
            .pop_front()
            .expect("the page was just seen to hold an event");
        let place = place_of(&record);
        cursor.after = Some(place);
        self.held_bytes -= record.body.len();
        cursor.page_bytes -= record.body.len();
        // Behind the last event of a page there may be more: its place is their lower bound.
        let next = cursor.page.front().map_or(place, place_of);
        self.next.push(Reverse((next, index)));
        StoredEvent::decode(&record)
    }
}

fn place_of(record: &Record) -> (i64, u64) {
    (record.time_ms, record.sequence)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::super::event::LogEvent;
    use super::*;
    use crate::store::{Store, memory};

    async fn merged(
        store: &Store,
        streams: usize,
        after: Option<(i64, u64)>,
        held: usize,
    ) -> Vec<StoredEvent> {
        let sources = (0..streams).map(|stream| Source {
            journal_key: stream.to_string(),
            from_ms: 0,
        });
        let mut merge = Merge::new(&*store.journal, sources.collect(), (0, 50), after);
        merge.page_events = 2;
        merge.held_limit_bytes = held;
        let mut events = Vec::new();
        while let Some((_, event)) = merge.next().await.unwrap() {
            events.push(event);
        }
        assert!(merge.is_done());
        assert_eq!(merge.held_bytes, 0);
        events
    }

    proptest! {
        #[test]
        fn every_event_comes_once_and_in_order(
            written in prop::collection::vec((0..5_usize, 0..60_i64), 0..60),
            held in prop::sample::select(vec![0, 40, 1 << 20]),
            start in 0..60_usize,
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(async {
                let store = memory::open(Path::new("/nowhere"));
                for (stream, time_ms) in &written {
                    let event = LogEvent { time_ms: *time_ms, message: "text".to_owned() };
                    let record = (stream.to_string(), *time_ms, event.encode(7));
                    store.journal.append(vec![record]).await.unwrap();
                }
                let mut expected: Vec<(i64, u64)> = written
                    .iter()
                    .zip(1..)
                    .map(|((_, time_ms), sequence)| (*time_ms, sequence))
                    .filter(|(time_ms, _)| *time_ms < 50)
                    .collect();
                expected.sort_unstable();
                let places = |events: Vec<StoredEvent>| -> Vec<_> {
                    events.iter().map(StoredEvent::position).collect()
                };
                let all = places(merged(&store, 5, None, held).await);
                assert_eq!(all, expected);
                if let Some(after) = expected.get(start) {
                    let rest = places(merged(&store, 5, Some(*after), held).await);
                    assert_eq!(rest, expected[start + 1..]);
                }
            });
        }
    }
}
