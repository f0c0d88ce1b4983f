//! Cases of [`Queue`](crate::store::Queue).

use std::collections::BTreeSet;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;

use crate::store::{Message, Store, StoreError};

conformance! {
    a_message_is_leased_once_and_acknowledged,
    a_message_waits_until_it_is_due,
    messages_come_in_the_order_in_which_they_are_due,
    a_lease_that_ends_gives_the_message_to_the_next,
    a_retried_message_waits_and_keeps_its_count,
    queues_do_not_touch_each_other,
    only_leased_messages_are_released,
    no_message_has_two_consumers,
    an_id_is_never_used_again,
    a_missing_message_is_no_error,
}

const LEASE: Duration = Duration::from_millis(100);

async fn enqueue(store: &Store, body: &'static str, due_ms: i64) -> Result<u64, StoreError> {
    store
        .queue
        .enqueue("q", Bytes::from_static(body.as_bytes()), 1, due_ms)
        .await
}

async fn lease(store: &Store, now_ms: i64) -> Result<Vec<Message>, StoreError> {
    store.queue.lease("q", now_ms, LEASE, 100).await
}

async fn leased_ids(store: &Store, now_ms: i64) -> Result<Vec<u64>, StoreError> {
    Ok(lease(store, now_ms)
        .await?
        .into_iter()
        .map(|message| message.id)
        .collect())
}

async fn a_message_is_leased_once_and_acknowledged(store: &Store) -> Result<(), StoreError> {
    let id = enqueue(store, "body", 10).await?;
    assert_eq!(store.queue.depth("q").await?, 1);
    let expected = Message {
        id,
        attempts: 1,
        enqueued_ms: 1,
        body: Bytes::from_static(b"body"),
    };
    assert_eq!(lease(store, 10).await?, [expected]);
    assert_eq!(lease(store, 10).await?, []);
    assert_eq!(store.queue.depth("q").await?, 1);

    store.queue.ack("q", id).await?;
    assert_eq!(store.queue.depth("q").await?, 0);
    assert_eq!(lease(store, 1_000).await?, []);
    Ok(())
}

async fn a_message_waits_until_it_is_due(store: &Store) -> Result<(), StoreError> {
    assert_eq!(store.queue.next_due_ms("q").await?, None);
    enqueue(store, "later", 70).await?;
    let id = enqueue(store, "sooner", 50).await?;
    assert_eq!(store.queue.next_due_ms("q").await?, Some(50));
    assert_eq!(leased_ids(store, 49).await?, [0; 0]);
    assert_eq!(leased_ids(store, 50).await?, [id]);
    assert_eq!(store.queue.next_due_ms("q").await?, Some(70));
    Ok(())
}

async fn messages_come_in_the_order_in_which_they_are_due(store: &Store) -> Result<(), StoreError> {
    let third = enqueue(store, "a", 30).await?;
    let first = enqueue(store, "b", 10).await?;
    let second = enqueue(store, "c", 10).await?;
    let taken = store.queue.lease("q", 30, LEASE, 2).await?;
    assert_eq!(
        taken.iter().map(|message| message.id).collect::<Vec<_>>(),
        [first, second]
    );
    assert_eq!(store.queue.lease("q", 30, LEASE, 0).await?, []);
    assert_eq!(leased_ids(store, 30).await?, [third]);
    Ok(())
}

async fn a_lease_that_ends_gives_the_message_to_the_next(store: &Store) -> Result<(), StoreError> {
    let id = enqueue(store, "body", 0).await?;
    lease(store, 1_000).await?;
    assert_eq!(store.queue.next_due_ms("q").await?, Some(1_100));
    assert_eq!(leased_ids(store, 1_099).await?, [0; 0]);
    let again = lease(store, 1_100).await?;
    assert_eq!((again[0].id, again[0].attempts), (id, 2));
    Ok(())
}

async fn a_retried_message_waits_and_keeps_its_count(store: &Store) -> Result<(), StoreError> {
    let id = enqueue(store, "old", 0).await?;
    lease(store, 0).await?;
    store.queue.retry("q", id, 500, None).await?;
    assert_eq!(leased_ids(store, 499).await?, [0; 0]);
    let second = lease(store, 500).await?;
    assert_eq!((second[0].attempts, &second[0].body[..]), (2, &b"old"[..]));

    store
        .queue
        .retry("q", id, 500, Some(Bytes::from_static(b"new")))
        .await?;
    let third = lease(store, 500).await?;
    assert_eq!((third[0].attempts, &third[0].body[..]), (3, &b"new"[..]));
    assert_eq!(third[0].enqueued_ms, 1);
    Ok(())
}

async fn queues_do_not_touch_each_other(store: &Store) -> Result<(), StoreError> {
    let id = enqueue(store, "body", 0).await?;
    assert_eq!(store.queue.lease("other", 10, LEASE, 100).await?, []);
    store.queue.ack("other", id).await?;
    store.queue.retry("other", id, 900, None).await?;
    assert_eq!(
        (
            store.queue.depth("other").await?,
            store.queue.next_due_ms("other").await?
        ),
        (0, None)
    );
    assert_eq!(leased_ids(store, 0).await?, [id]);
    Ok(())
}

async fn only_leased_messages_are_released(store: &Store) -> Result<(), StoreError> {
    let leased = enqueue(store, "leased", 0).await?;
    let retried = enqueue(store, "retried", 0).await?;
    lease(store, 0).await?;
    store.queue.retry("q", retried, 9_000, None).await?;
    let waiting = enqueue(store, "waiting", 8_000).await?;

    store.queue.release_leases(50).await?;

    let released = lease(store, 50).await?;
    assert_eq!(released.len(), 1);
    assert_eq!((released[0].id, released[0].attempts), (leased, 2));
    store.queue.ack("q", leased).await?;
    assert_eq!(leased_ids(store, 9_000).await?, [waiting, retried]);
    Ok(())
}

async fn no_message_has_two_consumers(store: &Store) -> Result<(), StoreError> {
    let enqueued = join_all((0..20).map(|_| enqueue(store, "body", 0))).await;
    let enqueued = enqueued.into_iter().collect::<Result<BTreeSet<u64>, _>>()?;
    let taken = join_all((0..8).map(|_| store.queue.lease("q", 0, LEASE, 3))).await;
    let taken = taken.into_iter().collect::<Result<Vec<_>, _>>()?.concat();
    assert_eq!(taken.len(), 20);
    assert_eq!(
        taken
            .into_iter()
            .map(|message| message.id)
            .collect::<BTreeSet<_>>(),
        enqueued
    );
    Ok(())
}

async fn an_id_is_never_used_again(store: &Store) -> Result<(), StoreError> {
    let first = enqueue(store, "body", 0).await?;
    store.queue.ack("q", first).await?;
    assert!(enqueue(store, "body", 0).await? > first);
    Ok(())
}

async fn a_missing_message_is_no_error(store: &Store) -> Result<(), StoreError> {
    for id in [0, 7, u64::MAX] {
        store.queue.ack("q", id).await?;
        store.queue.retry("q", id, 0, None).await?;
    }
    assert_eq!(store.queue.depth("q").await?, 0);
    Ok(())
}
