//! Saved test events: what a user calls a function with by hand, kept beside it. Each is a document of its own, as all of a
//! function's together may be large; they go before the function does, so that none is ever left for a later one of its name.

use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::resolve::locate;
use super::update::whole;
use super::{Registry, key_of};
use crate::auth::Identity;
use crate::function::limits::{TEST_EVENT_BYTES, TEST_EVENT_NAME_CHARS, TEST_EVENTS};
use crate::function::{FunctionError, FunctionKey};
use crate::store::Expect;

/// A saved test event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestEvent {
    /// Unique in its function.
    pub name: String,
    /// JSON, as it was written.
    pub event: String,
    /// When it was saved last, milliseconds since the epoch.
    pub modified_ms: i64,
}

/// Its document; the key ends with its name.
#[derive(Serialize, Deserialize)]
struct Stored {
    event: String,
    modified_ms: i64,
}

impl Registry {
    /// A function's test events, by name.
    ///
    /// # Errors
    /// No such function.
    pub async fn test_events(
        &self,
        identity: &Identity,
        reference: &str,
    ) -> Result<Vec<TestEvent>, FunctionError> {
        self.saved(&self.tested(identity, reference)?).await
    }

    /// Saves a test event, in the place of the one with its name.
    ///
    /// # Errors
    /// No such function; a name that cannot be; too long, or too many.
    pub async fn put_test_event(
        self: &Arc<Self>,
        identity: &Identity,
        reference: &str,
        name: &str,
        event: String,
    ) -> Result<TestEvent, FunctionError> {
        let key = self.tested(identity, reference)?;
        check(name, &event)?;
        let (registry, name) = (Arc::clone(self), name.to_owned());
        self.detached(async move { registry.save(&key, name, event).await })
            .await
    }

    /// Removes a test event.
    ///
    /// # Errors
    /// No such function or event.
    pub async fn delete_test_event(
        self: &Arc<Self>,
        identity: &Identity,
        reference: &str,
        name: &str,
    ) -> Result<(), FunctionError> {
        let key = self.tested(identity, reference)?;
        let document = document_key(&key, name);
        if self.store.documents.get(&document).await?.is_none() {
            return Err(FunctionError::Missing(format!(
                "Test event not found: {name}"
            )));
        }
        let documents = &self.store.documents;
        Ok(documents.delete(&document, Expect::Any).await?)
    }

    /// Removes all of a function's. The caller has its turn.
    pub(super) async fn remove_test_events(&self, key: &FunctionKey) -> Result<(), FunctionError> {
        for event in self.saved(key).await? {
            let document = document_key(key, &event.name);
            let documents = &self.store.documents;
            documents.delete(&document, Expect::Any).await?;
        }
        Ok(())
    }

    /// In the function's turn, so that it does not go meanwhile and no two events are both the last that there may be.
    async fn save(
        &self,
        key: &FunctionKey,
        name: String,
        event: String,
    ) -> Result<TestEvent, FunctionError> {
        let _turn = self.turns.take(key).await;
        self.stored(key)?;
        let others = self.saved(key).await?;
        if others.len() >= TEST_EVENTS && others.iter().all(|other| other.name != name) {
            return Err(FunctionError::Invalid(format!(
                "A function has at most {TEST_EVENTS} test events: delete one first."
            )));
        }
        let modified_ms = self.clock.now_ms();
        let stored = Stored { event, modified_ms };
        let body = Bytes::from(serde_json::to_vec(&stored).expect("a text and a number serialise"));
        let document = document_key(key, &name);
        let documents = &self.store.documents;
        documents.put(&document, Expect::Any, body).await?;
        Ok(TestEvent {
            name,
            event: stored.event,
            modified_ms,
        })
    }

    async fn saved(&self, key: &FunctionKey) -> Result<Vec<TestEvent>, FunctionError> {
        let prefix = document_key(key, "");
        let documents = &self.store.documents;
        let found = documents.scan(&prefix, None, TEST_EVENTS).await?;
        let read = |document: crate::store::Document| {
            let stored: Stored = serde_json::from_slice(&document.body).map_err(|error| {
                FunctionError::Unreadable {
                    key: document.key.clone(),
                    reason: error.to_string(),
                }
            })?;
            Ok(TestEvent {
                name: document.key[prefix.len()..].to_owned(),
                event: stored.event,
                modified_ms: stored.modified_ms,
            })
        };
        found.into_iter().map(read).collect()
    }

    /// The function that a reference names as a whole, which must be there.
    fn tested(&self, identity: &Identity, reference: &str) -> Result<FunctionKey, FunctionError> {
        let located = locate(identity, reference, None)?;
        let key = key_of(identity, whole(located)?);
        self.entry(identity, located)?;
        Ok(key)
    }
}

fn document_key(key: &FunctionKey, name: &str) -> String {
    let FunctionKey {
        account,
        region,
        name: function,
    } = key;
    format!("test-event/{account}/{region}/{function}/{name}")
}

fn check(name: &str, event: &str) -> Result<(), FunctionError> {
    let named = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let has_a_name = (1..=TEST_EVENT_NAME_CHARS).contains(&name.len())
        && name.bytes().all(named)
        && name.bytes().any(|byte| byte != b'.');
    if !has_a_name {
        return Err(FunctionError::Invalid(format!(
            "The name of a test event is 1 to {TEST_EVENT_NAME_CHARS} letters, digits, dots, hyphens and underscores, not dots alone."
        )));
    }
    if event.len() > TEST_EVENT_BYTES {
        return Err(FunctionError::TestEventTooLarge { bytes: event.len() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn names_and_sizes_are_bounded() {
        for name in ["a", "A_b-c.json", "..a", &"x".repeat(64)] {
            assert!(check(name, "{}").is_ok(), "{name}");
        }
        for name in ["", ".", "..", "a b", "a/b", "ä", &"x".repeat(65)] {
            assert!(check(name, "{}").is_err(), "{name}");
        }
        assert!(check("a", &"1".repeat(TEST_EVENT_BYTES)).is_ok());
        assert!(check("a", &"1".repeat(TEST_EVENT_BYTES + 1)).is_err());
    }

    #[tokio::test]
    async fn they_are_kept_in_order_bounded_and_gone_with_their_function() {
        let fixture = fixture().await;
        let registry = &fixture.registry;
        for function in ["f", "f2"] {
            fixture.created(function).await;
            for at in (0..TEST_EVENTS).rev() {
                let name = format!("e{at:02}");
                let put = registry.put_test_event(me(), function, &name, at.to_string());
                assert_eq!(put.await.unwrap().modified_ms, 1_000);
            }
        }
        let more = registry.put_test_event(me(), "f", "another", "1".into());
        assert!(refusal(more.await).contains("at most 100"));
        let again = registry.put_test_event(me(), "f", "e07", "true".into());
        again.await.unwrap();

        let registry = fixture.reopened().await;
        let events = registry.test_events(me(), "f").await.unwrap();
        let names: Vec<&str> = events.iter().map(|event| event.name.as_str()).collect();
        assert!(names.is_sorted() && names.len() == TEST_EVENTS);
        assert_eq!(events[7].event, "true");

        registry.delete(me(), "f", None).await.unwrap();
        assert!(refusal(registry.test_events(me(), "f").await).starts_with("Function not found"));
        registry.create(me(), new("f")).await.unwrap();
        assert_eq!(registry.test_events(me(), "f").await.unwrap(), []);
        let others = registry.test_events(me(), "f2").await.unwrap();
        assert_eq!(others.len(), TEST_EVENTS);
    }

    #[tokio::test]
    async fn one_that_is_not_there_cannot_be_deleted() {
        let fixture = fixture().await;
        fixture.created("f").await;
        let registry = &fixture.registry;
        let put = registry.put_test_event(me(), "f", "a", "1".into());
        put.await.unwrap();
        registry.delete_test_event(me(), "f", "a").await.unwrap();
        let again = registry.delete_test_event(me(), "f", "a").await;
        assert_eq!(refusal(again), "Test event not found: a");
    }
}
