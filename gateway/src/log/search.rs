//! The events of a group's streams that match a pattern, page by page.
//!
//! A page looks at a bounded number of events and then says where to go on, whatever it found. For its length a search holds
//! a name and an id of each stream whose span meets the range, and of their events what `merge` bounds.

use std::sync::Arc;

use super::document::decode;
use super::filter_pattern::FilterPattern;
use super::merge::{Merge, Source};
use super::reading::PAGE_BYTES;
use super::retention::kept_from_ms;
use super::{GroupDocument, GroupKey, LogError, Logs, StoredEvent, StreamDocument};

/// As many events are looked at for one page, whatever is found.
const LOOKED_AT_EVENTS: usize = 100_000;
/// As many bytes are looked at for one page, whatever is found.
const LOOKED_AT_BYTES: usize = 64 << 20;
/// As many documents are read at once.
const STEP: usize = 500;

/// Which streams are searched.
#[derive(Clone, Debug)]
pub enum StreamChoice {
    /// Those whose names start with this; empty: all.
    Prefix(String),
    /// These.
    Named(Vec<String>),
}

/// What to look for.
#[derive(Clone, Debug)]
pub struct Search {
    /// In these streams.
    pub streams: StreamChoice,
    /// First time, inclusive.
    pub from_ms: i64,
    /// Last time, exclusive.
    pub to_ms: i64,
    /// Start behind this (time, sequence).
    pub after: Option<(i64, u64)>,
    /// At most this many.
    pub limit: usize,
    /// What an event must match.
    pub pattern: FilterPattern,
}

/// An event that was found.
#[derive(Clone, Debug)]
pub struct FoundEvent {
    /// The name of its stream.
    pub stream: Arc<str>,
    /// The event.
    pub event: StoredEvent,
}

/// One page of a search.
#[derive(Clone, Debug)]
pub struct Found {
    /// Ordered by (time, sequence).
    pub events: Vec<FoundEvent>,
    /// Where the next page starts behind; `None` at the end. A page may be empty and yet not the last.
    pub next: Option<(i64, u64)>,
}

impl Logs {
    /// Searches the streams of a group, all in one order.
    ///
    /// # Errors
    /// No such group, no such stream among those named, or the store's own.
    pub async fn search(
        self: &Arc<Self>,
        group: &GroupKey,
        search: Search,
    ) -> Result<Found, LogError> {
        self.flush().await;
        let group = self.find_group(group).await?;
        let kept_from_ms = kept_from_ms(group.retention_days, self.clock.now_ms());
        let from_ms = search.from_ms.max(kept_from_ms);
        // Streams that end before the page's start have nothing for it.
        let start_ms = search
            .after
            .map_or(from_ms, |(time_ms, _)| time_ms.max(from_ms));
        let (names, sources) = self
            .sources(&group, &search.streams, (start_ms, search.to_ms))
            .await?;
        let times = (from_ms, search.to_ms);
        let mut merge = Merge::new(&*self.store.journal, sources, times, search.after);
        let mut found = Found {
            events: Vec::new(),
            next: None,
        };
        let (mut page_bytes, mut looked_at, mut looked_at_bytes) = (0, 0, 0);
        let mut place = search.after;
        while let Some((index, event)) = merge.next().await? {
            looked_at += 1;
            looked_at_bytes += event.event.size_bytes();
            let here = event.position();
            if search.pattern.matches(&event.event.message) {
                page_bytes += event.event.size_bytes();
                if page_bytes > PAGE_BYTES && !found.events.is_empty() {
                    found.next = place;
                    return Ok(found);
                }
                found.events.push(FoundEvent {
                    stream: Arc::clone(&names[index]),
                    event,
                });
            }
            place = Some(here);
            if found.events.len() >= search.limit
                || looked_at >= LOOKED_AT_EVENTS
                || looked_at_bytes >= LOOKED_AT_BYTES
            {
                found.next = place.filter(|_| !merge.is_done());
                return Ok(found);
            }
        }
        Ok(found)
    }

    /// The chosen streams whose span meets the times: their names, and what to merge.
    pub(super) async fn sources(
        &self,
        group: &GroupDocument,
        choice: &StreamChoice,
        (from_ms, to_ms): (i64, i64),
    ) -> Result<(Vec<Arc<str>>, Vec<Source>), LogError> {
        let mut names = Vec::new();
        let mut sources = Vec::new();
        let mut take = |name: &str, stream: &StreamDocument| {
            if stream.meets(from_ms, to_ms) {
                names.push(Arc::from(name));
                sources.push(Source {
                    journal_key: stream.journal_key(),
                    from_ms: stream.first_event_ms.unwrap_or(from_ms),
                });
            }
        };
        match choice {
            StreamChoice::Named(chosen) => {
                let mut chosen = chosen.clone();
                chosen.sort_unstable();
                chosen.dedup();
                for name in chosen {
                    take(&name, &self.find_stream(group, &name).await?);
                }
            }
            StreamChoice::Prefix(start) => {
                let all = group.stream_prefix();
                let prefix = format!("{all}{start}");
                let mut after: Option<String> = None;
                loop {
                    let documents = &self.store.documents;
                    let step = documents.scan(&prefix, after.as_deref(), STEP).await?;
                    let Some(last) = step.last() else { break };
                    after = Some(last.key.clone());
                    for found in &step {
                        take(&found.key[all.len()..], &decode(found)?);
                    }
                }
            }
        }
        Ok((names, sources))
    }
}
