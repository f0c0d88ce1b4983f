//! Deploys: what turns a function that was asked for into one that runs, or says why it cannot. Resumed after a crash.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::task::JoinHandle;

use super::Registry;
use crate::function::aggregate::{Function, Reason};
use crate::function::deployment::INVALID_RUNTIME;
use crate::function::{FunctionError, FunctionKey, runtime};

/// Deploys at the same time.
pub(super) const AT_ONCE: usize = 8;
/// Largest `requirements.txt`, bytes.
const REQUIREMENTS_BYTES: u64 = 1_048_576;
const REQUIREMENTS_FILE: &str = "requirements.txt";
/// How often packages whose pause is over are looked for.
const SWEEP_INTERVAL: std::time::Duration = std::time::Duration::from_secs(60);

/// A deploy that goes on whether or not anybody waits for it; it ends with why it failed, if it did.
pub(super) type DeployTask = JoinHandle<Result<(), Reason>>;

impl Registry {
    /// Starts the deploy `id` of a function.
    pub(super) fn spawn_deploy(self: &Arc<Self>, key: FunctionKey, id: String) -> DeployTask {
        let registry = Arc::clone(self);
        self.tasks
            .spawn(async move { registry.deploy(&key, &id).await })
    }

    /// Deploys again what failed for want of a runtime that the host has now.
    pub(super) async fn deploy_again(
        self: &Arc<Self>,
        lacking: Vec<FunctionKey>,
    ) -> Result<(), FunctionError> {
        for key in lacking {
            let runtime_name = &self.stored(&key)?.function.latest.settings.runtime;
            if runtime::interpreter(runtime_name, self.host.interpreters()).is_err() {
                continue;
            }
            let again = |function: &mut Function| Ok(function.begin_again());
            if let Some(id) = self.changed(&key, again).await? {
                self.spawn_deploy(key, id);
            }
        }
        Ok(())
    }

    async fn deploy(&self, key: &FunctionKey, id: &str) -> Result<(), Reason> {
        let _room = self.deploys.acquire().await;
        let Ok(entry) = self.stored(key) else {
            return Ok(());
        };
        let is_this = |function: &Function| {
            let going = function.deploy.as_ref();
            going.is_some_and(|deploy| deploy.id == id)
        };
        if !is_this(&entry.function) {
            return Ok(());
        }
        let outcome = self.prepare(&entry.function).await;
        let answer = outcome.clone().map(|_| ());
        let finish = |function: &mut Function| {
            function.finish(id, outcome);
            Ok(())
        };
        match self.changed(key, finish).await {
            Ok(()) | Err(FunctionError::NotFound { .. }) => answer,
            Err(error) => {
                tracing::error!(%error, function.name = key.name, "store the end of a deploy; the next start deploys again");
                Err(internal(&error))
            }
        }
    }

    /// Makes everything ready that `$LATEST` needs; answers the folders of its libraries.
    async fn prepare(&self, function: &Function) -> Result<Vec<PathBuf>, Reason> {
        let version = &function.latest;
        let host = self.host.interpreters();
        let interpreter =
            runtime::interpreter(&version.settings.runtime, host).map_err(|text| Reason {
                code: INVALID_RUNTIME.to_owned(),
                text,
            })?;
        let blob = &version.code.blob;
        let restored = self.shelf.restore(blob).await;
        restored.map_err(|error| internal(&error))?;
        if !version.code.requirements {
            return Ok(Vec::new());
        }
        let path = self.shelf.folder_of(blob).join(REQUIREMENTS_FILE);
        let text = tokio::task::spawn_blocking(move || read_requirements(&path))
            .await
            .unwrap_or_else(|error| Err(error.to_string()))
            .map_err(unresolved)?;
        match self.host.resolve(interpreter, &text).await {
            Ok(folder) => Ok(vec![folder]),
            Err(why) => {
                tracing::warn!(
                    function.name = function.key.name,
                    reason = why,
                    "requirements could not be resolved"
                );
                Err(unresolved(why))
            }
        }
    }

    /// Removes packages that nobody needs any more, until the server stops.
    pub(super) async fn keep_sweeping(&self) {
        loop {
            tokio::select! {
                () = self.closing.cancelled() => return,
                () = self.shelf.leaving.notified() => {}
                () = tokio::time::sleep(SWEEP_INTERVAL) => {}
            }
            self.shelf.sweep(self.clock.now_ms()).await;
        }
    }
}

/// Reads a package's requirements: a file of its own, since a link could show what is not the package's.
fn read_requirements(path: &Path) -> Result<String, String> {
    let unreadable = |why: &dyn std::fmt::Display| format!("read {REQUIREMENTS_FILE}: {why}");
    let kind = fs::symlink_metadata(path).map_err(|error| unreadable(&error))?;
    if !kind.is_file() || kind.len() > REQUIREMENTS_BYTES {
        return Err(unreadable(&format!(
            "it is no file of at most {REQUIREMENTS_BYTES} bytes"
        )));
    }
    let file = fs::File::open(path).map_err(|error| unreadable(&error))?;
    let mut text = String::new();
    let mut content = file.take(REQUIREMENTS_BYTES);
    content
        .read_to_string(&mut text)
        .map_err(|error| unreadable(&error))?;
    Ok(text)
}

fn unresolved(why: String) -> Reason {
    Reason {
        code: "InvalidConfiguration".to_owned(),
        text: format!("The requirements could not be resolved: {why}"),
    }
}

fn internal(error: &FunctionError) -> Reason {
    Reason {
        code: "InternalError".to_owned(),
        text: error.to_string(),
    }
}
