//! Documents of the logs as JSON.

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::{Document, Store, StoreError};

/// The document's content.
pub(super) fn decode<T: DeserializeOwned>(document: &Document) -> Result<T, StoreError> {
    serde_json::from_slice(&document.body).map_err(|error| StoreError::Failed {
        action: "read a document of the logs",
        reason: format!("{}: {error}", document.key),
    })
}

/// The content of the document under `key`, if there is one.
pub(super) async fn find<T: DeserializeOwned>(
    store: &Store,
    key: &str,
) -> Result<Option<T>, StoreError> {
    let found = store.documents.get(key).await?;
    found.as_ref().map(decode).transpose()
}

/// The bytes of a document.
pub(super) fn encode(document: &impl Serialize) -> Bytes {
    Bytes::from(
        serde_json::to_vec(document).expect("documents serialise: string keys, finite numbers"),
    )
}
