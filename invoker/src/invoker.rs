//! The front door: [`Invoker::invoke`].

use std::sync::Arc;
use std::time::Duration;

use crate::pool::{Departure, Pool, PoolConfig, SandboxView, Snapshot};
use crate::python::{PythonBackend, PythonConfig, Restriction, ZygoteView};
use crate::{Interpreter, Invocation, InvokeError, Networks, Outcome, SandboxSpec};

/// How the invoker is set up.
#[derive(Clone)]
pub struct InvokerConfig {
    /// The warm pool.
    pub pool: PoolConfig,
    /// The Python backend.
    pub python: PythonConfig,
}

/// Runs invocations in sandboxes.
pub struct Invoker {
    backend: Arc<PythonBackend>,
    pool: Arc<Pool<PythonBackend>>,
    interpreters: Vec<Interpreter>,
}

impl Invoker {
    /// Makes the backends ready, without waiting for interpreters to boot: that goes on in the background. Must be called within a tokio
    /// runtime.
    ///
    /// # Errors
    /// The state folder cannot be written.
    pub fn new(config: InvokerConfig, interpreters: Vec<Interpreter>) -> Result<Self, InvokeError> {
        let backend = Arc::new(PythonBackend::new(config.python, &interpreters)?);
        let ahead = Arc::clone(&backend);
        tokio::spawn(async move { ahead.boot_ahead().await });
        Ok(Self {
            pool: Pool::new(Arc::clone(&backend), config.pool),
            backend,
            interpreters,
        })
    }

    /// Runs one call in a warm or a new sandbox. Dropping the future does not cancel the call.
    ///
    /// # Errors
    /// Our own faults; what the function does wrong is an [`Outcome`].
    pub async fn invoke(
        &self,
        spec: Arc<SandboxSpec>,
        invocation: Invocation,
    ) -> Result<Outcome, InvokeError> {
        self.pool.invoke(&spec, invocation).await
    }

    /// Destroys the idle sandboxes of a function (`SandboxSpec::function`) and lets its busy ones end after their call.
    pub async fn retire(&self, function: &str) {
        self.pool.retire(function).await;
    }

    /// Ends one sandbox: now when it idles, else after its call. Answers whether there is one with this id.
    pub async fn retire_sandbox(&self, id: &str) -> bool {
        self.pool.retire_sandbox(id).await
    }

    /// The `SandboxSpec::function` of the sandbox with this id, where there is one.
    pub fn function_of(&self, id: &str) -> Option<String> {
        self.pool.function_of(id)
    }

    /// Every sandbox, in the order in which they came, and every zygote that takes orders.
    pub async fn residents(&self) -> (Vec<SandboxView>, Vec<ZygoteView>) {
        let (pool, backend) = (Arc::clone(&self.pool), Arc::clone(&self.backend));
        let look = move || (pool.sandboxes(), backend.zygotes());
        tokio::task::spawn_blocking(look).await.unwrap_or_default()
    }

    /// The sandboxes that left last, the newest first.
    pub fn departures(&self) -> Vec<Departure> {
        self.pool.departures()
    }

    /// The interpreters it runs on.
    pub fn interpreters(&self) -> &[Interpreter] {
        &self.interpreters
    }

    /// Which restrictions are in force.
    pub fn isolation(&self) -> &[Restriction] {
        self.backend.isolation()
    }

    /// What functions can reach.
    pub fn networks(&self) -> &Networks {
        self.backend.networks()
    }

    /// What is warm and busy now.
    pub fn snapshot(&self) -> Snapshot {
        self.pool.snapshot()
    }

    /// Takes no new call, waits at most `grace` for the running ones, then ends every sandbox.
    pub async fn drain(&self, grace: Duration) {
        self.pool.drain(grace).await;
        self.backend.shutdown().await;
    }
}

impl Drop for Invoker {
    fn drop(&mut self) {
        self.pool.stop();
    }
}
