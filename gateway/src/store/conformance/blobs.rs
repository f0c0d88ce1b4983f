//! Cases of [`Blobs`](crate::store::Blobs).

use std::collections::BTreeSet;

use bytes::Bytes;
use futures_util::future::join_all;

use crate::store::{Store, StoreError};

conformance! {
    a_key_is_the_hash_of_the_content,
    the_same_content_is_one_blob,
    a_removed_blob_is_gone,
    every_blob_is_listed,
    what_is_no_key_is_no_blob,
    many_writers_of_one_content_agree,
}

/// SHA-256 of `abc`, from FIPS 180-2, appendix B.1.
const ABC_KEY: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

async fn a_key_is_the_hash_of_the_content(store: &Store) -> Result<(), StoreError> {
    assert_eq!(store.blobs.get(ABC_KEY).await?, None);
    assert_eq!(store.blobs.put(Bytes::from_static(b"abc")).await?, ABC_KEY);
    assert_eq!(
        store.blobs.get(ABC_KEY).await?,
        Some(Bytes::from_static(b"abc"))
    );
    Ok(())
}

async fn the_same_content_is_one_blob(store: &Store) -> Result<(), StoreError> {
    let first = store.blobs.put(Bytes::new()).await?;
    assert_eq!(store.blobs.put(Bytes::new()).await?, first);
    assert_eq!(store.blobs.keys().await?, [first]);
    Ok(())
}

async fn a_removed_blob_is_gone(store: &Store) -> Result<(), StoreError> {
    let kept = store.blobs.put(Bytes::from_static(b"kept")).await?;
    store.blobs.put(Bytes::from_static(b"abc")).await?;
    store.blobs.delete(ABC_KEY).await?;
    store.blobs.delete(ABC_KEY).await?;
    assert_eq!(store.blobs.get(ABC_KEY).await?, None);
    assert_eq!(store.blobs.keys().await?, [kept]);
    Ok(())
}

async fn every_blob_is_listed(store: &Store) -> Result<(), StoreError> {
    assert_eq!(store.blobs.keys().await?, [""; 0]);
    let mut put = BTreeSet::new();
    for byte in 0..40 {
        put.insert(store.blobs.put(Bytes::from(vec![byte])).await?);
    }
    let listed = store.blobs.keys().await?;
    assert_eq!(listed.len(), 40);
    assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), put);
    Ok(())
}

async fn what_is_no_key_is_no_blob(store: &Store) -> Result<(), StoreError> {
    store.blobs.put(Bytes::from_static(b"abc")).await?;
    let upper = ABC_KEY.to_uppercase();
    let wide = "é".repeat(32);
    for name in [
        "",
        "b",
        "ba",
        "..",
        "../hearth.sqlite",
        &ABC_KEY[1..],
        &upper,
        &wide,
    ] {
        assert_eq!(store.blobs.get(name).await?, None, "{name}");
        store.blobs.delete(name).await?;
    }
    assert!(store.blobs.get(ABC_KEY).await?.is_some());
    Ok(())
}

async fn many_writers_of_one_content_agree(store: &Store) -> Result<(), StoreError> {
    let outcomes = join_all((0..8).map(|_| store.blobs.put(Bytes::from_static(b"abc")))).await;
    for outcome in outcomes {
        assert_eq!(outcome?, ABC_KEY);
    }
    assert_eq!(
        store.blobs.get(ABC_KEY).await?,
        Some(Bytes::from_static(b"abc"))
    );
    Ok(())
}
