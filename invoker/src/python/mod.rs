//! The Python backend: a zygote for each owner and version of CPython, forked for every sandbox.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;

use crate::sandbox::{Backend, Sandbox, Started};
use crate::{Ending, ExitStatus, Interpreter, Invocation, InvokeError, OutputSink, SandboxSpec};

/// One restriction on what a function can reach, and whether this host gives it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Restriction {
    /// Short name, such as `pid namespace`.
    pub name: &'static str,
    /// Whether sandboxes have it.
    pub in_force: bool,
    /// How it is done, or what is missing and how to get it.
    pub detail: String,
}

/// Brings libraries that a function may import without shipping them (boto3), when one first does.
#[async_trait]
pub trait LibraryProvider: Send + Sync {
    /// The top-level modules that it can bring.
    fn modules(&self) -> &'static [&'static str];
    /// The folder attached read-only at `/opt/hearth/shared`, last on `sys.path`; it exists, and may be empty until
    /// [`LibraryProvider::provide`] has filled it, which running sandboxes then see.
    fn folder(&self, runtime: crate::PythonVersion) -> PathBuf;
    /// Fills the folder. The function waits, and its clock stands still.
    ///
    /// # Errors
    /// Why it cannot, for the user to read; it becomes the message of the `ImportError`.
    async fn provide(&self, runtime: crate::PythonVersion, module: &str) -> Result<(), String>;
}

/// Where the backend keeps its files.
#[derive(Clone)]
pub struct PythonConfig {
    /// A folder of its own (extension, mount points); what a killed predecessor left in it is cleared at the start.
    pub state_dir: PathBuf,
    /// Names this server's cgroups; two servers at the same time need two names.
    pub instance: String,
    /// Brings libraries on demand.
    pub libraries: Option<Arc<dyn LibraryProvider>>,
}

/// Starts Python sandboxes.
pub struct PythonBackend;

impl PythonBackend {
    /// Clears what a predecessor with the same `instance` left, probes the host, and unpacks the extension.
    ///
    /// # Errors
    /// The state folder cannot be written.
    pub fn new(_config: PythonConfig, _interpreters: &[Interpreter]) -> Result<Self, InvokeError> {
        todo!("invoker")
    }

    /// Which restrictions are in force.
    pub fn isolation(&self) -> &[Restriction] {
        todo!("invoker")
    }

    /// Ends the zygotes and removes cgroups and folders.
    pub async fn shutdown(&self) {
        todo!("invoker")
    }
}

#[async_trait]
impl Backend for PythonBackend {
    type Sandbox = PythonSandbox;

    async fn start(
        &self,
        _id: String,
        _spec: Arc<SandboxSpec>,
        _output: Arc<dyn OutputSink>,
    ) -> Result<Started<PythonSandbox>, InvokeError> {
        todo!("invoker")
    }
}

/// One Python sandbox.
pub struct PythonSandbox;

#[async_trait]
impl Sandbox for PythonSandbox {
    fn id(&self) -> &str {
        todo!("invoker")
    }

    async fn invoke(&mut self, _invocation: Invocation) -> (Ending, std::time::Duration) {
        todo!("invoker")
    }

    fn max_memory_bytes(&self) -> u64 {
        todo!("invoker")
    }

    async fn exited(&mut self) -> ExitStatus {
        todo!("invoker")
    }

    async fn destroy(self) {
        todo!("invoker")
    }
}
