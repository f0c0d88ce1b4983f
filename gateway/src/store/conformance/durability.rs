//! What only the store on the disk promises: state outlives the process, however it ended.
//!
//! A crash is played by copying the files of a store that is still open: whatever it held back is not in the copy.

use std::fs;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use tempfile::TempDir;

use crate::store::{Expect, Range, Store, StoreError, sqlite};

const LEASE: Duration = Duration::from_secs(3_600);

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Copies what a killed process would leave; SQLite makes the shared-memory file anew.
fn copy_files(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_files(&entry.path(), &target);
        } else if !entry.file_name().to_string_lossy().ends_with("-shm") {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

async fn write_all(store: &Store) -> Result<String, StoreError> {
    store
        .documents
        .put("key", Expect::Any, Bytes::from_static(b"old"))
        .await?;
    store
        .documents
        .put("key", Expect::Revision(1), Bytes::from_static(b"new"))
        .await?;
    store
        .queue
        .enqueue("q", Bytes::from_static(b"leased"), 5, 10)
        .await?;
    store
        .queue
        .enqueue("q", Bytes::from_static(b"waiting"), 5, 9_000_000)
        .await?;
    assert_eq!(store.queue.lease("q", 10, LEASE, 100).await?.len(), 1);
    let record = ("s".to_owned(), 7, Bytes::from_static(b"event"));
    store.journal.append(vec![record]).await?;
    store.blobs.put(Bytes::from_static(b"blob")).await
}

async fn assert_all(store: &Store, blob: &str) -> Result<(), StoreError> {
    let document = store.documents.get("key").await?.expect("the document");
    assert_eq!((document.revision, &document.body[..]), (2, &b"new"[..]));

    assert_eq!(store.queue.lease("q", 20, LEASE, 100).await?, []);
    store.queue.release_leases(20).await?;
    let released = store.queue.lease("q", 20, LEASE, 100).await?;
    assert_eq!(released.len(), 1);
    let message = &released[0];
    assert_eq!(
        (&message.body[..], message.attempts, message.enqueued_ms),
        (&b"leased"[..], 2, 5)
    );
    assert_eq!(store.queue.depth("q").await?, 2);

    let all = Range {
        stream: "s",
        from_ms: 0,
        to_ms: 100,
        after: None,
        backward: false,
        limit: 10,
    };
    let records = store.journal.read(all).await?;
    assert_eq!((records.len(), &records[0].body[..]), (1, &b"event"[..]));
    assert_eq!(store.blobs.get(blob).await?.as_deref(), Some(&b"blob"[..]));
    Ok(())
}

#[tokio::test]
async fn state_outlives_a_stop() -> Result<(), StoreError> {
    let folder = folder();
    let store = sqlite::open(folder.path()).await?;
    let blob = write_all(&store).await?;
    drop(store);
    assert_all(&sqlite::open(folder.path()).await?, &blob).await
}

#[tokio::test]
async fn acknowledged_state_outlives_a_crash() -> Result<(), StoreError> {
    let (running, crashed) = (folder(), folder());
    let store = sqlite::open(running.path()).await?;
    let blob = write_all(&store).await?;
    copy_files(running.path(), crashed.path());
    assert_all(&sqlite::open(crashed.path()).await?, &blob).await
}

#[tokio::test]
async fn numbers_go_on_where_they_were() -> Result<(), StoreError> {
    let folder = folder();
    let store = sqlite::open(folder.path()).await?;
    let id = store.queue.enqueue("q", Bytes::new(), 0, 0).await?;
    store.queue.ack("q", id).await?;
    let sequence = store
        .journal
        .append(vec![("s".to_owned(), 0, Bytes::new())])
        .await?;
    store.journal.trim("s", i64::MAX).await?;
    drop(store);

    let store = sqlite::open(folder.path()).await?;
    assert_eq!(store.queue.enqueue("q", Bytes::new(), 0, 0).await?, id + 1);
    let next = store
        .journal
        .append(vec![("s".to_owned(), 0, Bytes::new())])
        .await?;
    assert_eq!(next, sequence + 1);
    Ok(())
}

#[tokio::test]
async fn a_folder_that_cannot_be_is_an_error() {
    let folder = folder();
    let file = folder.path().join("file");
    fs::write(&file, b"").expect("a file");
    let outcome = sqlite::open(&file).await.map(drop);
    assert!(
        matches!(outcome, Err(StoreError::Failed { .. })),
        "{outcome:?}"
    );
}
