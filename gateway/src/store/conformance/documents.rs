//! Cases of [`Documents`](crate::store::Documents).

use bytes::Bytes;
use futures_util::future::join_all;

use crate::store::{Document, Expect, Store, StoreError};

conformance! {
    a_document_counts_its_writes,
    an_unexpected_write_is_refused_and_changes_nothing,
    an_unexpected_delete_is_refused_and_changes_nothing,
    a_deleted_document_starts_over,
    a_scan_answers_a_prefix_in_byte_order,
    a_scan_goes_on_behind_a_key,
    one_of_many_creators_wins,
    no_increment_is_lost,
}

fn refused(outcome: Result<impl std::fmt::Debug, StoreError>, expected: &str) {
    assert!(
        matches!(&outcome, Err(StoreError::Conflict { key }) if key == expected),
        "{outcome:?}"
    );
}

async fn fill(store: &Store, keys: &[&str]) -> Result<(), StoreError> {
    for key in keys {
        store
            .documents
            .put(key, Expect::Absent, Bytes::from_static(b"x"))
            .await?;
    }
    Ok(())
}

async fn scanned(
    store: &Store,
    prefix: &str,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<String>, StoreError> {
    let documents = store.documents.scan(prefix, after, limit).await?;
    Ok(documents.into_iter().map(|document| document.key).collect())
}

async fn a_document_counts_its_writes(store: &Store) -> Result<(), StoreError> {
    let documents = &store.documents;
    assert_eq!(documents.get("key").await?, None);
    assert_eq!(
        documents
            .put("key", Expect::Absent, Bytes::from_static(b"one"))
            .await?,
        1
    );
    assert_eq!(
        documents
            .put("key", Expect::Revision(1), Bytes::from_static(b"two"))
            .await?,
        2
    );
    assert_eq!(documents.put("key", Expect::Any, Bytes::new()).await?, 3);
    let expected = Document {
        key: "key".to_owned(),
        revision: 3,
        body: Bytes::new(),
    };
    assert_eq!(documents.get("key").await?, Some(expected));
    Ok(())
}

async fn an_unexpected_write_is_refused_and_changes_nothing(
    store: &Store,
) -> Result<(), StoreError> {
    let documents = &store.documents;
    refused(
        documents
            .put("key", Expect::Revision(1), Bytes::new())
            .await,
        "key",
    );
    assert_eq!(documents.get("key").await?, None);

    documents
        .put("key", Expect::Any, Bytes::from_static(b"kept"))
        .await?;
    let kept = documents.get("key").await?;
    for expect in [
        Expect::Absent,
        Expect::Revision(0),
        Expect::Revision(2),
        Expect::Revision(u64::MAX),
    ] {
        refused(documents.put("key", expect, Bytes::new()).await, "key");
    }
    assert_eq!(documents.get("key").await?, kept);
    Ok(())
}

async fn an_unexpected_delete_is_refused_and_changes_nothing(
    store: &Store,
) -> Result<(), StoreError> {
    let documents = &store.documents;
    documents.delete("key", Expect::Any).await?;
    documents.delete("key", Expect::Absent).await?;
    refused(documents.delete("key", Expect::Revision(1)).await, "key");

    documents.put("key", Expect::Any, Bytes::new()).await?;
    refused(documents.delete("key", Expect::Absent).await, "key");
    refused(documents.delete("key", Expect::Revision(2)).await, "key");
    assert!(documents.get("key").await?.is_some());
    documents.delete("key", Expect::Revision(1)).await?;
    assert_eq!(documents.get("key").await?, None);
    Ok(())
}

async fn a_deleted_document_starts_over(store: &Store) -> Result<(), StoreError> {
    let documents = &store.documents;
    documents.put("key", Expect::Any, Bytes::new()).await?;
    documents.put("key", Expect::Any, Bytes::new()).await?;
    documents.delete("key", Expect::Any).await?;
    assert_eq!(documents.put("key", Expect::Absent, Bytes::new()).await?, 1);
    Ok(())
}

async fn a_scan_answers_a_prefix_in_byte_order(store: &Store) -> Result<(), StoreError> {
    fill(
        store,
        &[
            "f/é", "f/b", "f/B", "f/_", "f/%", "f", "f0", "g/a", "e/z", "f/b/c", "F/a",
        ],
    )
    .await?;
    assert_eq!(
        scanned(store, "f/", None, 100).await?,
        ["f/%", "f/B", "f/_", "f/b", "f/b/c", "f/é"]
    );
    assert_eq!(scanned(store, "f/", None, 2).await?, ["f/%", "f/B"]);
    assert_eq!(scanned(store, "f/", None, 0).await?, [""; 0]);
    assert_eq!(scanned(store, "h", None, 100).await?, [""; 0]);
    assert_eq!(scanned(store, "", None, 100).await?.len(), 11);
    Ok(())
}

async fn a_scan_goes_on_behind_a_key(store: &Store) -> Result<(), StoreError> {
    fill(store, &["a/1", "a/2", "a/3", "b/1"]).await?;
    assert_eq!(scanned(store, "a/", Some("a/1"), 1).await?, ["a/2"]);
    assert_eq!(scanned(store, "a/", Some("a/2"), 100).await?, ["a/3"]);
    // A key that is gone still marks its place, as does one outside of the prefix.
    assert_eq!(
        scanned(store, "a/", Some("a/1x"), 100).await?,
        ["a/2", "a/3"]
    );
    assert_eq!(scanned(store, "b/", Some("a/1"), 100).await?, ["b/1"]);
    assert_eq!(scanned(store, "a/", Some("b"), 100).await?, [""; 0]);
    Ok(())
}

async fn one_of_many_creators_wins(store: &Store) -> Result<(), StoreError> {
    let creations = (0..16_u8).map(|body| {
        store
            .documents
            .put("key", Expect::Absent, Bytes::from(vec![body]))
    });
    let outcomes = join_all(creations).await;
    let winners: Vec<usize> = (0..16).filter(|index| outcomes[*index].is_ok()).collect();
    assert_eq!(winners.len(), 1, "{outcomes:?}");
    let body = store
        .documents
        .get("key")
        .await?
        .map(|document| document.body);
    assert_eq!(body.as_deref(), Some(&[winners[0] as u8][..]));
    Ok(())
}

async fn no_increment_is_lost(store: &Store) -> Result<(), StoreError> {
    store
        .documents
        .put("count", Expect::Absent, Bytes::from(vec![0]))
        .await?;
    let outcomes = join_all((0..8).map(|_| increment(store))).await;
    outcomes.into_iter().collect::<Result<Vec<()>, _>>()?;
    let count = store.documents.get("count").await?.expect("the count");
    assert_eq!((&count.body[..], count.revision), (&[8][..], 9));
    Ok(())
}

/// Terminates: a conflict means that another increment was made.
async fn increment(store: &Store) -> Result<(), StoreError> {
    loop {
        let count = store.documents.get("count").await?.expect("the count");
        let body = Bytes::from(vec![count.body[0] + 1]);
        match store
            .documents
            .put("count", Expect::Revision(count.revision), body)
            .await
        {
            Err(StoreError::Conflict { .. }) => {}
            outcome => return outcome.map(drop),
        }
    }
}
