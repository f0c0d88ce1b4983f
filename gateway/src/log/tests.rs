//! The logs as a whole, on the store in memory.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use tokio_util::sync::CancellationToken;

use super::deletion::Deleted;
use super::document::encode;
use super::filter_pattern::FilterPattern;
use super::retention::DAY_MS;
use super::*;
use crate::store::{Expect, Journal, Range, Record, memory, sqlite};

const NOW_MS: i64 = 1_000 * DAY_MS;
const ALL: EventRange = EventRange {
    from_ms: 0,
    to_ms: i64::MAX,
    after: None,
    backward: false,
    limit: 10_000,
};

/// Counts the reads of a journal.
struct Counted {
    journal: Arc<dyn Journal>,
    reads: Arc<AtomicUsize>,
}

#[async_trait]
impl Journal for Counted {
    async fn append(&self, records: Vec<(String, i64, Bytes)>) -> Result<u64, StoreError> {
        self.journal.append(records).await
    }

    async fn read(&self, range: Range<'_>) -> Result<Vec<Record>, StoreError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        self.journal.read(range).await
    }

    async fn trim(&self, stream: &str, before_ms: i64) -> Result<u64, StoreError> {
        self.journal.trim(stream, before_ms).await
    }
}

struct World {
    logs: Arc<Logs>,
    store: Store,
    clock: Clock,
    group: GroupKey,
    reads: Arc<AtomicUsize>,
}

async fn world() -> World {
    let mut store = memory::open(Path::new("/nowhere"));
    let reads = Arc::new(AtomicUsize::new(0));
    store.journal = Arc::new(Counted {
        journal: store.journal,
        reads: Arc::clone(&reads),
    });
    let clock = Clock::fixed(NOW_MS);
    World {
        logs: Logs::open(store.clone(), clock.clone()).await.unwrap(),
        store,
        clock,
        group: GroupKey::identified("000000000000", "us-east-1", "g").unwrap(),
        reads,
    }
}

fn event(time_ms: i64, message: &str) -> LogEvent {
    LogEvent {
        time_ms,
        message: message.to_owned(),
    }
}

fn everything() -> Search {
    Search {
        streams: StreamChoice::Prefix(String::new()),
        from_ms: 0,
        to_ms: i64::MAX,
        after: None,
        limit: 10_000,
        pattern: FilterPattern::Everything,
    }
}

impl World {
    fn write(&self, stream: &str, time_ms: i64, message: &str) {
        let events = vec![event(time_ms, message)];
        self.logs.write(&self.group, stream, events);
    }

    async fn found(&self, search: Search) -> Vec<String> {
        let found = self.logs.search(&self.group, search).await.unwrap();
        let events = found.events.into_iter();
        events.map(|found| found.event.event.message).collect()
    }

    async fn document(&self) -> GroupDocument {
        self.logs
            .group(&self.group)
            .await
            .unwrap()
            .unwrap()
            .document
    }

    async fn trim(&self) {
        self.logs.trim(&CancellationToken::new()).await.unwrap();
    }

    async fn keys(&self, prefix: &str) -> usize {
        let documents = &self.store.documents;
        documents.scan(prefix, None, 1_000).await.unwrap().len()
    }
}

#[tokio::test]
async fn what_is_written_is_seen_at_once_with_its_ingestion_time() {
    let world = world().await;
    world.write("s", NOW_MS - 5, "one");
    world.clock.set(NOW_MS + 7);
    let events = world.logs.read(&world.group, "s", ALL).await.unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].event, event(NOW_MS - 5, "one"));
    assert_eq!(events[0].ingested_ms, NOW_MS);
    let document = world.document().await;
    assert_eq!((document.created_ms, document.stored_bytes), (NOW_MS, 29));
}

#[tokio::test]
async fn a_deleted_group_takes_what_was_buffered_with_it() {
    let world = world().await;
    world.write("s", NOW_MS, "stored");
    world.logs.flush().await;
    world.write("s", NOW_MS, "buffered");
    world.logs.delete_group(&world.group).await.unwrap();
    let gone = world.logs.search(&world.group, everything()).await;
    assert!(matches!(gone, Err(LogError::GroupNotFound)));
    world.write("s", NOW_MS, "new");
    assert_eq!(world.found(everything()).await, ["new"]);
    world.trim().await;
    assert_eq!(world.found(everything()).await, ["new"]);
    assert_eq!(
        (
            world.keys("log-deleted/").await,
            world.keys("log-stream/").await
        ),
        (0, 1)
    );
    assert_eq!(world.document().await.stored_bytes, 29);
}

#[tokio::test]
async fn a_deleted_stream_is_gone_and_its_events_with_it() {
    let world = world().await;
    world.write("a", NOW_MS, "one");
    world.write("b", NOW_MS, "two");
    world.logs.delete_stream(&world.group, "a").await.unwrap();
    let again = world.logs.delete_stream(&world.group, "a").await;
    assert!(matches!(again, Err(LogError::StreamNotFound)));
    world.logs.create_stream(&world.group, "a").await.unwrap();
    assert_eq!(world.found(everything()).await, ["two"]);
    assert_eq!(world.document().await.stored_bytes, 29);
    world.trim().await;
    assert_eq!(world.keys("log-deleted/").await, 0);
}

#[tokio::test]
async fn a_deletion_that_a_crash_cut_short_is_finished() {
    let world = world().await;
    world.write("s", NOW_MS, "one");
    let id = world.document().await.id;
    let note = Deleted::Group {
        key: world.group.document_key(),
        id: id.clone(),
    };
    let documents = &world.store.documents;
    let key = format!("log-deleted/{id}");
    documents
        .put(&key, Expect::Absent, encode(&note))
        .await
        .unwrap();
    world.trim().await;
    assert_eq!(world.logs.group(&world.group).await.unwrap(), None);
    assert_eq!(
        (
            world.keys("log-deleted/").await,
            world.keys("log-stream/").await
        ),
        (0, 0)
    );
}

#[tokio::test]
async fn what_a_group_no_longer_keeps_is_hidden_and_then_removed() {
    let world = world().await;
    world.write("old", NOW_MS - 2 * DAY_MS, "stale");
    world.write("both", NOW_MS - 2 * DAY_MS, "stale");
    world.write("both", NOW_MS, "fresh");
    world
        .logs
        .set_retention(&world.group, Some(1))
        .await
        .unwrap();
    assert_eq!(world.found(everything()).await, ["fresh"]);
    let events = world.logs.read(&world.group, "both", ALL).await.unwrap();
    assert_eq!(events.len(), 1);
    world.trim().await;
    world.logs.set_retention(&world.group, None).await.unwrap();
    assert_eq!(world.found(everything()).await, ["fresh"]);
    assert_eq!(world.document().await.stored_bytes, 31);
    assert!(
        world
            .logs
            .read(&world.group, "old", ALL)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_put_wants_group_and_stream_and_rejects_by_time() {
    let world = world().await;
    let put = |events| world.logs.put(&world.group, "s", events);
    assert!(matches!(
        put(vec![event(1, "x")]).await,
        Err(LogError::GroupNotFound)
    ));
    let created = world
        .logs
        .create_group(&world.group, GroupClass::Standard, None);
    created.await.unwrap();
    assert!(matches!(
        put(vec![event(1, "x")]).await,
        Err(LogError::StreamNotFound)
    ));
    world.logs.create_stream(&world.group, "s").await.unwrap();
    let acceptance = put(vec![event(1, "old"), event(NOW_MS, "fine")])
        .await
        .unwrap();
    assert_eq!(acceptance.accepted, 1..2);
    assert_eq!(world.found(everything()).await, ["fine"]);
    let twice = world.logs.create_stream(&world.group, "s").await;
    assert!(matches!(twice, Err(LogError::StreamExists)));
    let twice = world
        .logs
        .create_group(&world.group, GroupClass::Standard, None)
        .await;
    assert!(matches!(twice, Err(LogError::GroupExists)));
}

#[tokio::test]
async fn streams_outside_of_the_range_cost_no_query() {
    let world = world().await;
    for number in 0..1_000 {
        world.write(&format!("s{number}"), NOW_MS + number, "x");
    }
    world.logs.flush().await;
    world.reads.store(0, Ordering::SeqCst);
    let search = Search {
        from_ms: NOW_MS + 500,
        to_ms: NOW_MS + 510,
        ..everything()
    };
    assert_eq!(world.found(search).await.len(), 10);
    let search = Search {
        limit: 5,
        ..everything()
    };
    assert_eq!(world.found(search).await.len(), 5);
    assert!(world.reads.load(Ordering::SeqCst) <= 40);
}

#[tokio::test]
async fn pages_of_a_search_hold_every_match_once() {
    let world = world().await;
    for number in 0..25 {
        let stream = format!("s{}", number % 3);
        world.write(&stream, NOW_MS + number / 2, &format!("line {number}"));
        world.write(&stream, NOW_MS + number / 2, "other");
    }
    let mut search = Search {
        limit: 10,
        pattern: FilterPattern::parse("line").unwrap(),
        ..everything()
    };
    let mut messages = Vec::new();
    loop {
        let found = world
            .logs
            .search(&world.group, search.clone())
            .await
            .unwrap();
        assert!(found.events.len() <= 10);
        messages.extend(
            found
                .events
                .into_iter()
                .map(|found| found.event.event.message),
        );
        match found.next {
            Some(next) => search.after = Some(next),
            None => break,
        }
    }
    messages.sort_by_key(|message| message[5..].parse::<i32>().unwrap());
    let expected: Vec<String> = (0..25).map(|number| format!("line {number}")).collect();
    assert_eq!(messages, expected);
}

#[tokio::test]
async fn streams_are_listed_in_either_order() {
    let world = world().await;
    for (stream, time_ms) in [("b", 1), ("a", 3), ("c", 2)] {
        world.write(stream, NOW_MS + time_ms, "x");
    }
    for (order, descending, expected) in [
        (StreamOrder::Name, false, ["a", "b", "c"]),
        (StreamOrder::Name, true, ["c", "b", "a"]),
        (StreamOrder::LastEvent, false, ["b", "c", "a"]),
        (StreamOrder::LastEvent, true, ["a", "c", "b"]),
    ] {
        let mut listing = StreamListing {
            prefix: "",
            order,
            descending,
            after: None,
            limit: 2,
        };
        let (first, more) = world
            .logs
            .streams(&world.group, listing.clone())
            .await
            .unwrap();
        assert!(more);
        listing.after = first.last().map(|last| order.place(last));
        let (second, more) = world.logs.streams(&world.group, listing).await.unwrap();
        assert!(!more);
        let names: Vec<String> = first
            .into_iter()
            .chain(second)
            .map(|stream| stream.name)
            .collect();
        assert_eq!(names, expected);
    }
}

#[tokio::test]
async fn groups_are_listed_by_prefix_and_part() {
    let world = world().await;
    for name in ["/a/one", "/a/two", "/b/one"] {
        let key = GroupKey {
            name: name.to_owned(),
            ..world.group.clone()
        };
        world.logs.write(&key, "s", vec![event(NOW_MS, "x")]);
    }
    for (prefix, part, limit, expected) in [
        ("/a", "", 50, (2, false)),
        ("", "one", 50, (2, false)),
        ("", "", 2, (2, true)),
        ("/c", "", 50, (0, false)),
    ] {
        let listing = GroupListing {
            account: "000000000000",
            region: "us-east-1",
            prefix,
            part,
            class: None,
            after: None,
            limit,
        };
        let (groups, more) = world.logs.groups(listing).await.unwrap();
        assert_eq!((groups.len(), more), expected);
    }
}

#[tokio::test]
async fn the_last_events_are_written_at_the_end() {
    let world = world().await;
    world.write("s", NOW_MS, "one");
    let closing = CancellationToken::new();
    closing.cancel();
    Arc::clone(&world.logs).maintain(closing).await;
    assert_eq!(world.keys("log-stream/").await, 1);
}

#[tokio::test]
async fn a_put_outlives_the_process_that_answered_it() {
    let folder = tempfile::tempdir().unwrap();
    let group = GroupKey::identified("000000000000", "us-east-1", "g").unwrap();
    {
        let store = sqlite::open(folder.path()).await.unwrap();
        let logs = Logs::open(store, Clock::fixed(NOW_MS)).await.unwrap();
        let created = logs.create_group(&group, GroupClass::Standard, None);
        created.await.unwrap();
        logs.create_stream(&group, "s").await.unwrap();
        let events = (0..3).map(|number| event(NOW_MS + number, "x"));
        logs.put(&group, "s", events.collect()).await.unwrap();
        logs.write(&group, "t", vec![event(NOW_MS, "buffered only")]);
    }
    let store = sqlite::open(folder.path()).await.unwrap();
    let logs = Logs::open(store, Clock::fixed(NOW_MS)).await.unwrap();
    let found = logs.search(&group, everything()).await.unwrap();
    assert_eq!(found.events.len(), 3);
    logs.set_retention(&group, Some(1)).await.unwrap();
    logs.trim(&CancellationToken::new()).await.unwrap();
    let page = logs.read(&group, "s", ALL).await.unwrap();
    assert_eq!(page.len(), 3);
}
