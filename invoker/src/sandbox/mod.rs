//! What a kind of sandbox must be able to do. `python` implements it; `conformance` is the suite that each backend passes.

#[cfg(test)]
pub(crate) mod conformance;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::{Ending, ExitStatus, Invocation, InvokeError, OutputSink, SandboxSpec, StartPath};

/// Makes sandboxes.
#[async_trait]
pub trait Backend: Send + Sync {
    /// The sandbox that [`Backend::start`] makes.
    type Sandbox: Sandbox;

    /// Makes a sandbox named `id` for `spec` and imports the user's module in it. `output` receives what the import prints;
    /// the caller has called its `started` already.
    ///
    /// # Errors
    /// Our own faults only; a module that cannot be imported is [`Started::Failed`].
    async fn start(
        &self,
        id: String,
        spec: Arc<SandboxSpec>,
        output: Arc<dyn OutputSink>,
    ) -> Result<Started<Self::Sandbox>, InvokeError>;
}

/// What became of a start.
pub enum Started<S> {
    /// Initialised and waiting for its first event.
    Ready {
        /// The sandbox.
        sandbox: S,
        /// How long the import took.
        init: Duration,
        /// How the sandbox came to be.
        path: StartPath,
    },
    /// The user's code failed to initialise; the sandbox is gone.
    Failed {
        /// `InitFailed`, `Exited`, `OutOfMemory`, or `TimedOut` when `init_timeout` passed.
        ending: Ending,
        /// How long it tried.
        init: Duration,
        /// How the sandbox came to be.
        path: StartPath,
        /// Memory high-water mark, bytes.
        max_memory_bytes: u64,
    },
}

/// Tells a sandbox's memory.
pub trait MemoryGauge: Send + Sync {
    /// What its processes use now, bytes, as the kernel counts it; nothing when they are gone.
    fn memory_bytes(&self) -> Option<u64>;
}

/// One sandbox: serves one call at a time, and is dead after an ending that says so.
#[async_trait]
pub trait Sandbox: Send + 'static {
    /// Its id, as given to [`Backend::start`].
    fn id(&self) -> &str;

    /// Runs one call to its end. After [`Ending::TimedOut`], [`Ending::Exited`] or [`Ending::OutOfMemory`] the sandbox is dead.
    ///
    /// # Cancel safety
    /// Not cancel-safe: a dropped call leaves the sandbox unusable, and it must be destroyed.
    async fn invoke(&mut self, invocation: Invocation) -> (Ending, Duration);

    /// The memory high-water mark, bytes.
    fn max_memory_bytes(&self) -> u64;

    /// Measures it while others hold it, and when it is gone.
    fn gauge(&self) -> Box<dyn MemoryGauge>;

    /// Stops everything in it until its next call, where the host can. It must have served a call and idle.
    fn pause(&mut self);

    /// Waits until the process ends by itself while it idles. Cancel-safe.
    async fn exited(&mut self) -> ExitStatus;

    /// Kills every process of the sandbox and gives back what it held. May be called in any state.
    async fn destroy(self);
}
