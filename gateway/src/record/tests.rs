//! Records as their readers see them, in memory and on the disk.

use std::sync::Arc;

use bytes::Bytes;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::testing::{draft, key, version};
use super::*;
use crate::function::recording::Recording;
use crate::store::{memory, sqlite};

const DAY_MS: i64 = 86_400_000;

fn recent() -> Query {
    Query {
        account: key("f").account,
        region: key("f").region,
        function: None,
        order: Order::Recent,
        failed: false,
        from_ms: i64::MIN,
        to_ms: i64::MAX,
        after: None,
        limit: 10,
    }
}

fn identity() -> Identity {
    Identity {
        account: key("f").account,
        region: key("f").region,
        access_key: String::new(),
    }
}

async fn listed(records: &Arc<Records>, query: &Query) -> Vec<u128> {
    let (page, _) = records.page(query).await.unwrap();
    let ids = page.iter().map(|one| one.first().request_id.as_u128());
    ids.collect()
}

async fn found(records: &Arc<Records>, id: u128) -> Option<(Invocation, KeptTexts)> {
    let id = Uuid::from_u128(id).to_string();
    records.find(&identity(), &id).await.unwrap()
}

#[tokio::test]
async fn a_record_is_there_at_once_and_after_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let store = sqlite::open(folder.path()).await.unwrap();
    let clock = Clock::fixed(DAY_MS);
    let records = Records::new(store.clone(), clock.clone());
    for id in 1..4 {
        records.add(draft(id, 10 * i64::try_from(id).unwrap()));
    }
    assert_eq!(listed(&records, &recent()).await, [3, 2, 1]);
    let (invocation, texts) = found(&records, 2).await.unwrap();
    assert_eq!(
        (
            invocation.function.name.as_str(),
            invocation.last().started_ms
        ),
        ("f", 20)
    );
    assert_eq!(texts, KeptTexts::default());
    // What is not flushed is lost with the process.
    records.add(draft(9, 99));
    drop(records);

    let again = Records::new(store, clock);
    assert_eq!(listed(&again, &recent()).await, [3, 2, 1]);
    assert_eq!(found(&again, 2).await.unwrap().0, invocation);
    assert_eq!(found(&again, 9).await, None);
    assert_eq!(again.find(&identity(), "no id").await.unwrap(), None);
    let mut other = identity();
    other.region = "us-east-1".into();
    let id = Uuid::from_u128(2).to_string();
    assert_eq!(again.find(&other, &id).await.unwrap(), None);
}

#[tokio::test]
async fn retries_add_runs_also_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let store = memory::open(folder.path());
    let mut records = Records::new(store.clone(), Clock::fixed(DAY_MS));
    for (attempt, status) in [
        (1, Status::Failed),
        (2, Status::NotRun),
        (2, Status::Failed),
        (3, Status::Succeeded),
    ] {
        let mut run = draft(7, 100 * i64::from(attempt));
        (run.attempt, run.status) = (attempt, status);
        records.add(run);
        let (invocation, _) = found(&records, 7).await.unwrap();
        assert_eq!(invocation.last().status, status);
        assert_eq!(invocation.runs().len(), attempt as usize);
        assert_eq!(invocation.billed_ms(), 3 * u64::from(attempt));
        records = Records::new(store.clone(), Clock::fixed(DAY_MS));
    }
    let (page, next) = records.page(&recent()).await.unwrap();
    assert_eq!((page.len(), next), (1, None));
    let starts: Vec<i64> = page[0].runs().iter().map(|run| run.started_ms).collect();
    assert_eq!(starts, [100, 200, 300]);
}

#[tokio::test]
async fn kept_texts_are_redacted_in_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let store = memory::open(folder.path());
    let records = Records::new(store.clone(), Clock::fixed(DAY_MS));
    let recording = Arc::new(Recording {
        keep_events: true,
        redact_keys: vec!["pin".into()],
    });
    let mut run = draft(7, 100);
    let text = Bytes::from_static(br#"{"Pin": 1234, "a": 1}"#);
    run.event = Text::of(&text, Some(&recording));
    run.response = run.event.clone();
    run.recording = Some(recording);
    records.add(run);
    records.add(draft(8, 100));
    let redacted = r#"{"Pin": "[REDACTED]", "a": 1}"#;
    let (invocation, texts) = found(&records, 7).await.unwrap();
    assert_eq!(texts.event.as_deref(), Some(redacted));
    assert_eq!(texts.response.as_deref(), Some(redacted));
    assert_eq!(invocation.last().event_bytes, 21);
    assert_eq!(found(&records, 8).await.unwrap().1, KeptTexts::default());
}

#[tokio::test]
async fn what_expired_is_gone_from_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let store = memory::open(folder.path());
    let clock = Clock::fixed(DAY_MS);
    let records = Records::new(store.clone(), clock.clone());
    records.add(draft(1, DAY_MS));
    let mut other = draft(2, 6 * DAY_MS);
    other.version = Arc::new(version("g"));
    records.add(other);
    assert_eq!(listed(&records, &recent()).await, [2, 1]);
    clock.set(9 * DAY_MS);
    records.trim(true).await.unwrap();
    assert_eq!(listed(&records, &recent()).await, [2]);
    assert_eq!(found(&records, 1).await, None);
    let documents = store.documents.scan("invocation-function/", None, 9).await;
    assert_eq!(documents.unwrap().len(), 1);
    let again = Records::new(store, clock);
    assert_eq!(listed(&again, &recent()).await, [2]);
}

#[tokio::test]
async fn surplus_goes_while_records_come() {
    let folder = tempfile::tempdir().unwrap();
    let store = memory::open(folder.path());
    let bounds = Bounds {
        of_function: 40,
        ..BOUNDS
    };
    let records = Records::bounded(store.clone(), Clock::fixed(DAY_MS), bounds);
    for id in 0..100 {
        records.add(draft(id, i64::try_from(id).unwrap()));
        records.trim(false).await.unwrap();
    }
    let all = Query {
        limit: 100,
        ..recent()
    };
    let kept = listed(&records, &all).await;
    assert!((30..=40).contains(&kept.len()) && kept[0] == 99, "{kept:?}");
    let again = Records::new(store, Clock::fixed(DAY_MS));
    assert_eq!(listed(&again, &all).await, kept);
}

#[tokio::test]
async fn a_stop_writes_what_is_buffered() {
    let folder = tempfile::tempdir().unwrap();
    let store = memory::open(folder.path());
    let records = Records::new(store.clone(), Clock::fixed(DAY_MS));
    let closing = CancellationToken::new();
    closing.cancel();
    records.add(draft(1, 5));
    Arc::clone(&records).maintain(closing).await;
    let again = Records::new(store, Clock::fixed(DAY_MS));
    assert_eq!(listed(&again, &recent()).await, [1]);
}
