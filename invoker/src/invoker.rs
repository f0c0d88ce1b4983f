//! The front door: [`Invoker::invoke`].

use std::sync::Arc;
use std::time::Duration;

use crate::pool::{PoolConfig, Snapshot};
use crate::python::{PythonConfig, Restriction};
use crate::{Interpreter, Invocation, InvokeError, Outcome, SandboxSpec};

/// How the invoker is set up.
#[derive(Clone)]
pub struct InvokerConfig {
    /// The warm pool.
    pub pool: PoolConfig,
    /// The Python backend.
    pub python: PythonConfig,
}

/// Runs invocations in sandboxes.
pub struct Invoker;

impl Invoker {
    /// Makes the backends ready. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// The state folder cannot be written.
    pub fn new(
        _config: InvokerConfig,
        _interpreters: Vec<Interpreter>,
    ) -> Result<Self, InvokeError> {
        todo!("pool")
    }

    /// Runs one call in a warm or a new sandbox, in a task of its own: dropping the future does not cancel the call.
    ///
    /// # Errors
    /// Our own faults; what the function does wrong is an [`Outcome`].
    pub async fn invoke(
        &self,
        _spec: Arc<SandboxSpec>,
        _invocation: Invocation,
    ) -> Result<Outcome, InvokeError> {
        todo!("pool")
    }

    /// Destroys the idle sandboxes of a function (`SandboxSpec::function`) and lets its busy ones end after their call.
    pub async fn retire(&self, _function: &str) {
        todo!("pool")
    }

    /// The interpreters it runs on.
    pub fn interpreters(&self) -> &[Interpreter] {
        todo!("pool")
    }

    /// Which restrictions are in force.
    pub fn isolation(&self) -> &[Restriction] {
        todo!("pool")
    }

    /// What is warm and busy now.
    pub fn snapshot(&self) -> Snapshot {
        todo!("pool")
    }

    /// Takes no new call, waits at most `grace` for the running ones, then ends every sandbox.
    pub async fn drain(&self, _grace: Duration) {
        todo!("pool")
    }
}
