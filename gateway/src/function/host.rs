//! What the registry needs of the machine that runs functions: its interpreters, its warm sandboxes, its resolver.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use invoker::{Interpreter, Invoker};

use super::requirements::Requirements;

/// The machine as the registry sees it; tests have one without Python.
#[async_trait]
pub(super) trait Host: Send + Sync {
    /// The interpreters found, ordered by version.
    fn interpreters(&self) -> &[Interpreter];
    /// Lets the sandboxes of a version go (`FunctionVersion::pool_id`).
    async fn retire(&self, pool_id: &str);
    /// The folder that holds what `requirements` asks for.
    async fn resolve(
        &self,
        interpreter: &Interpreter,
        requirements: &str,
    ) -> Result<PathBuf, String>;
}

/// This machine.
pub(super) struct ThisHost {
    pub(super) invoker: Arc<Invoker>,
    pub(super) requirements: Arc<Requirements>,
}

#[async_trait]
impl Host for ThisHost {
    fn interpreters(&self) -> &[Interpreter] {
        self.invoker.interpreters()
    }

    async fn retire(&self, pool_id: &str) {
        self.invoker.retire(pool_id).await;
    }

    async fn resolve(
        &self,
        interpreter: &Interpreter,
        requirements: &str,
    ) -> Result<PathBuf, String> {
        let resolved = self.requirements.resolve(interpreter, requirements).await;
        resolved.map_err(|error| error.to_string())
    }
}
