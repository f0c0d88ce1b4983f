//! Documents against a model: any sequence of calls answers as a map of `(revision, body)` would.

use std::collections::BTreeMap;

use bytes::Bytes;
use proptest::prelude::*;
use proptest::sample::select;

use crate::store::{Document, Expect, Store, memory, sqlite};

const KEYS: &[&str] = &["", "a", "a/", "a/1", "a/2", "a0", "ab", "b", "é"];

#[derive(Clone, Debug)]
enum Action {
    Get(&'static str),
    Put(&'static str, Expect, u8),
    Delete(&'static str, Expect),
    Scan(&'static str, Option<&'static str>, usize),
}

fn key() -> impl Strategy<Value = &'static str> {
    select(KEYS)
}

fn expect() -> impl Strategy<Value = Expect> {
    prop_oneof![
        Just(Expect::Absent),
        (1_u64..4).prop_map(Expect::Revision),
        Just(Expect::Any),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        key().prop_map(Action::Get),
        (key(), expect(), any::<u8>())
            .prop_map(|(key, expect, body)| Action::Put(key, expect, body)),
        (key(), expect()).prop_map(|(key, expect)| Action::Delete(key, expect)),
        (key(), proptest::option::of(key()), 0_usize..6)
            .prop_map(|(prefix, after, limit)| Action::Scan(prefix, after, limit)),
    ]
}

type Model = BTreeMap<&'static str, (u64, u8)>;

fn document(key: &str, (revision, body): (u64, u8)) -> Document {
    Document {
        key: key.to_owned(),
        revision,
        body: Bytes::from(vec![body]),
    }
}

fn is_expected(model: &Model, key: &str, expect: Expect) -> bool {
    match (expect, model.get(key)) {
        (Expect::Any, _) | (Expect::Absent, None) => true,
        (Expect::Revision(expected), Some((revision, _))) => expected == *revision,
        (Expect::Absent, Some(_)) | (Expect::Revision(_), None) => false,
    }
}

async fn step(store: &Store, model: &mut Model, action: Action) -> Result<(), TestCaseError> {
    let documents = &store.documents;
    match action {
        Action::Get(key) => {
            let expected = model.get(key).map(|held| document(key, *held));
            prop_assert_eq!(documents.get(key).await.ok(), Some(expected));
        }
        Action::Put(key, expect, body) => {
            let outcome = documents.put(key, expect, Bytes::from(vec![body])).await;
            let expected = is_expected(model, key, expect).then(|| {
                let revision = model.get(key).map_or(1, |(revision, _)| revision + 1);
                model.insert(key, (revision, body));
                revision
            });
            prop_assert_eq!(outcome.ok(), expected);
        }
        Action::Delete(key, expect) => {
            let expected = is_expected(model, key, expect);
            if expected {
                model.remove(key);
            }
            prop_assert_eq!(documents.delete(key, expect).await.is_ok(), expected);
        }
        Action::Scan(prefix, after, limit) => {
            let held = model.iter().filter(|(key, _)| {
                key.starts_with(prefix) && after.is_none_or(|after| **key > after)
            });
            let expected: Vec<Document> = held
                .take(limit)
                .map(|(key, held)| document(key, *held))
                .collect();
            prop_assert_eq!(
                documents.scan(prefix, after, limit).await.ok(),
                Some(expected)
            );
        }
    }
    Ok(())
}

async fn run(store: &Store, actions: Vec<Action>) -> Result<(), TestCaseError> {
    let mut model = Model::new();
    for action in actions {
        step(store, &mut model, action).await?;
    }
    Ok(())
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn memory_is_as_the_model(actions in proptest::collection::vec(action(), 1..60)) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        runtime().block_on(run(&memory::open(folder.path()), actions))?;
    }
}

proptest! {
    // Every write is synced to the disk.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn sqlite_is_as_the_model(actions in proptest::collection::vec(action(), 1..40)) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        runtime().block_on(async {
            let store = sqlite::open(folder.path()).await.expect("opens");
            run(&store, actions).await
        })?;
    }
}
