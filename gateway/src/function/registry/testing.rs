//! A registry for tests: a store in memory, a machine without Python, a clock that stands.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use invoker::{Interpreter, PythonVersion};
use serde_json::{Value, json};

use super::{NewFunction, Registry};
use crate::auth::Identity;
use crate::clock::Clock;
use crate::function::code_package::tests::zip_of;
use crate::function::host::Host;
use crate::function::settings::tests::change;
use crate::function::update_code::CodeSource;
use crate::function::{FunctionError, FunctionKey};
use crate::store::{Store, memory};

/// Tests fail rather than wait longer for a deploy.
const DEPLOYED_WITHIN: std::time::Duration = std::time::Duration::from_secs(30);

/// A machine with Python 3.12 that resolves every requirement but `impossible`.
#[derive(Default)]
pub(super) struct FakeHost {
    pub(super) retired: Mutex<Vec<String>>,
    /// While it is held, deploys that resolve requirements wait.
    pub(super) gate: tokio::sync::Mutex<()>,
    interpreters: std::sync::OnceLock<Vec<Interpreter>>,
}

#[async_trait]
impl Host for FakeHost {
    fn interpreters(&self) -> &[Interpreter] {
        self.interpreters.get_or_init(|| vec![interpreter(12)])
    }

    async fn retire(&self, pool_id: &str) {
        self.retired.lock().unwrap().push(pool_id.to_owned());
    }

    async fn resolve(&self, _: &Interpreter, requirements: &str) -> Result<PathBuf, String> {
        drop(self.gate.lock().await);
        match requirements {
            "impossible" => Err("no such thing as impossible".into()),
            other => Ok(PathBuf::from("/libraries").join(other)),
        }
    }
}

fn interpreter(minor: u8) -> Interpreter {
    Interpreter {
        version: PythonVersion { major: 3, minor },
        full_version: format!("3.{minor}.1"),
        executable: format!("/usr/bin/python3.{minor}").into(),
    }
}

/// A registry with its surroundings.
pub(super) struct Fixture {
    pub(super) registry: Arc<Registry>,
    pub(super) host: Arc<FakeHost>,
    pub(super) store: Store,
    pub(super) clock: Clock,
    _folder: tempfile::TempDir,
}

pub(super) async fn fixture() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let store = memory::open(folder.path());
    let (host, clock) = (Arc::new(FakeHost::default()), Clock::fixed(1_000));
    Fixture {
        registry: open(&store, &host, &clock).await,
        host,
        store,
        clock,
        _folder: folder,
    }
}

async fn open(store: &Store, host: &Arc<FakeHost>, clock: &Clock) -> Arc<Registry> {
    let host = Arc::clone(host) as Arc<dyn Host>;
    let registry = Registry::start(store.clone(), clock.clone(), host, 1_000).await;
    registry.unwrap()
}

impl Fixture {
    /// The same again after the process was killed, on a machine that waits for nothing.
    pub(super) async fn reopened(&self) -> Arc<Registry> {
        open(&self.store, &Arc::default(), &self.clock).await
    }

    /// The same on a machine that has got Python 3.9 meanwhile.
    pub(super) async fn reopened_with_python_3_9(&self) -> Arc<Registry> {
        let host = FakeHost::default();
        let both = vec![interpreter(9), interpreter(12)];
        host.interpreters.set(both).unwrap();
        open(&self.store, &Arc::new(host), &self.clock).await
    }

    /// Creates a function and waits until it is deployed.
    pub(super) async fn created(&self, name: &str) -> Value {
        let made = self.registry.create(me(), new(name)).await.unwrap();
        settle(&self.registry, name).await;
        made
    }

    pub(super) fn folder(&self) -> &Path {
        &self.store.folder
    }
}

static ME: LazyLock<Identity> = LazyLock::new(|| Identity {
    account: "000000000000".into(),
    region: "us-east-1".into(),
    access_key: String::new(),
});

pub(super) fn me() -> &'static Identity {
    &ME
}

pub(super) fn key(name: &str) -> FunctionKey {
    super::key_of(me(), name)
}

pub(super) fn package(content: &str) -> Bytes {
    Bytes::from(zip_of(&[("app.py", content)]))
}

pub(super) fn source(zip: Bytes) -> CodeSource {
    CodeSource {
        zip: Some(zip),
        ..CodeSource::default()
    }
}

pub(super) fn new(name: &str) -> NewFunction {
    NewFunction {
        name: name.to_owned(),
        settings: change(json!({
            "Runtime": "python3.12", "Handler": "app.handler", "Role": "arn:aws:iam::000000000000:role/r",
        })),
        code: source(package("x = 1")),
        image: false,
        publish: false,
        tags: std::collections::BTreeMap::new(),
        code_signing_config: None,
    }
}

/// Waits until nothing of the function is being deployed (the clock of tests stands, the tasks do not).
pub(super) async fn settle(registry: &Arc<Registry>, name: &str) {
    let is_deploying = || {
        let stored = registry.stored(&key(name));
        stored.is_ok_and(|entry| entry.function.deploy.is_some())
    };
    let settled = async {
        while is_deploying() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(DEPLOYED_WITHIN, settled)
        .await
        .expect("the deploy ends");
}

pub(super) fn refusal<T>(outcome: Result<T, FunctionError>) -> String {
    outcome
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default()
}

pub(super) fn configuration(registry: &Registry, name: &str) -> Value {
    registry.view(me(), name, None).unwrap().configuration
}
