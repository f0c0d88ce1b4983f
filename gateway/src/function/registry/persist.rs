//! Functions in the store: one document for each, written whole, if nobody else did meanwhile.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;

use super::Registry;
use super::index::{Entry, retired};
use crate::function::aggregate::Function;
use crate::function::link::SECRET_BYTES;
use crate::function::{FunctionError, FunctionKey};
use crate::store::{Expect, Store, StoreError};

const PREFIX: &str = "function/";
const LINK_SECRET: &str = "secret/code-link";
/// Documents read at once while loading.
const SCAN_DOCUMENTS: usize = 500;

fn document_key(key: &FunctionKey) -> String {
    format!("{PREFIX}{}/{}/{}", key.account, key.region, key.name)
}

/// The secret that this data folder's links are made with; made at the first start.
pub(super) async fn link_secret(store: &Store) -> Result<[u8; SECRET_BYTES], FunctionError> {
    let halves = [uuid::Uuid::new_v4(), uuid::Uuid::new_v4()].map(uuid::Uuid::into_bytes);
    let new = Bytes::from(BASE64_STANDARD.encode(halves.concat()));
    match store.documents.put(LINK_SECRET, Expect::Absent, new).await {
        Ok(_) | Err(StoreError::Conflict { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let unreadable = |reason: &str| FunctionError::Unreadable {
        key: LINK_SECRET.to_owned(),
        reason: reason.to_owned(),
    };
    let document = store.documents.get(LINK_SECRET).await?;
    let document = document.ok_or_else(|| unreadable("it is gone"))?;
    let bytes = BASE64_STANDARD.decode(&document.body).ok();
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| unreadable("it is no secret"))
}

/// What a start finds to do.
#[derive(Default)]
pub(super) struct Unfinished {
    /// Functions and the ids of their deploys.
    pub(super) deploys: Vec<(FunctionKey, String)>,
    /// Functions whose runtime the host lacked.
    pub(super) lacking_runtime: Vec<FunctionKey>,
}

impl Registry {
    /// Reads every function into memory; answers what is still to be deployed.
    pub(super) async fn load(&self) -> Result<Unfinished, FunctionError> {
        let mut unfinished = Unfinished::default();
        let mut after: Option<String> = None;
        loop {
            let documents = &self.store.documents;
            let page = documents
                .scan(PREFIX, after.as_deref(), SCAN_DOCUMENTS)
                .await?;
            for document in &page {
                let function: Function =
                    serde_json::from_slice(&document.body).map_err(|error| {
                        FunctionError::Unreadable {
                            key: document.key.clone(),
                            reason: error.to_string(),
                        }
                    })?;
                if let Some(deploy) = &function.deploy {
                    let deploy = (function.key.clone(), deploy.id.clone());
                    unfinished.deploys.push(deploy);
                } else if function.latest.lacks_runtime() {
                    unfinished.lacking_runtime.push(function.key.clone());
                }
                for blob in function.packages() {
                    self.shelf.retain(blob);
                }
                let entry = Entry::new(function, document.revision, &self.shelf, None);
                self.index.put(Arc::new(entry));
            }
            match page.last() {
                Some(last) if page.len() == SCAN_DOCUMENTS => after = Some(last.key.clone()),
                _ => return Ok(unfinished),
            }
        }
    }

    /// Stores a function that is not there yet. The caller has its turn.
    pub(super) async fn insert(&self, function: Function) -> Result<(), FunctionError> {
        let key = document_key(&function.key);
        let put = self
            .store
            .documents
            .put(&key, Expect::Absent, body(&function));
        let document = match put.await {
            Ok(document) => document,
            Err(StoreError::Conflict { .. }) => {
                let name = function.key.name;
                return Err(FunctionError::Exists { name });
            }
            Err(error) => return Err(error.into()),
        };
        for blob in function.packages() {
            self.shelf.retain(blob);
        }
        let entry = Entry::new(function, document, &self.shelf, None);
        self.index.put(Arc::new(entry));
        Ok(())
    }

    /// Changes a function as `decide` says; answers what it answers. An error of `decide` changes nothing.
    pub(super) async fn change<T, F>(
        self: &Arc<Self>,
        key: FunctionKey,
        decide: F,
    ) -> Result<T, FunctionError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Function) -> Result<T, FunctionError> + Send + 'static,
    {
        let registry = Arc::clone(self);
        self.detached(async move { registry.changed(&key, decide).await })
            .await
    }

    /// The same for a caller that is a task of its own already.
    pub(super) async fn changed<T>(
        &self,
        key: &FunctionKey,
        decide: impl FnOnce(&mut Function) -> Result<T, FunctionError>,
    ) -> Result<T, FunctionError> {
        let _turn = self.turns.take(key).await;
        let before = self.stored(key)?;
        let mut function = before.function.clone();
        let answer = decide(&mut function)?;
        if function != before.function {
            let expect = Expect::Revision(before.document);
            let documents = &self.store.documents;
            let document = documents
                .put(&document_key(key), expect, body(&function))
                .await?;
            let after = Arc::new(Entry::new(function, document, &self.shelf, Some(&before)));
            self.index.put(Arc::clone(&after));
            self.act(&before, Some(&after)).await;
        }
        Ok(answer)
    }

    /// Removes a function, if it is as `decide` wants it.
    pub(super) async fn remove(
        self: &Arc<Self>,
        key: FunctionKey,
        decide: impl FnOnce(&Function) -> Result<(), FunctionError> + Send + 'static,
    ) -> Result<(), FunctionError> {
        let registry = Arc::clone(self);
        let removal = async move {
            let _turn = registry.turns.take(&key).await;
            let before = registry.stored(&key)?;
            decide(&before.function)?;
            registry.remove_test_events(&key).await?;
            let expect = Expect::Revision(before.document);
            let documents = &registry.store.documents;
            documents.delete(&document_key(&key), expect).await?;
            registry.index.remove(&key);
            registry.act(&before, None).await;
            Ok(())
        };
        self.detached(removal).await
    }

    /// The function as it is now.
    pub(super) fn stored(&self, key: &FunctionKey) -> Result<Arc<Entry>, FunctionError> {
        self.index
            .get(&key.account, &key.region, &key.name)
            .ok_or_else(|| FunctionError::NotFound { arn: key.arn() })
    }

    /// What follows from a change that is stored: packages are counted, and sandboxes of what ran before let go.
    async fn act(&self, before: &Entry, after: Option<&Entry>) {
        let old = before.function.packages();
        let new = after
            .map(|entry| entry.function.packages())
            .unwrap_or_default();
        for blob in new.difference(&old) {
            self.shelf.retain(blob);
        }
        for blob in old.difference(&new) {
            self.shelf.release(blob, self.clock.now_ms());
        }
        for pool_id in retired(before, after) {
            self.host.retire(&pool_id).await;
        }
    }
}

fn body(function: &Function) -> Bytes {
    Bytes::from(
        serde_json::to_vec(function).expect("a function serialises: string keys, finite numbers"),
    )
}
