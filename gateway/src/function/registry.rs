//! The registry: every deployed function, in memory for reading, written through to the store.

use std::sync::Arc;

use super::{FunctionKey, FunctionVersion};
use crate::auth::Identity;

/// What a name and qualifier resolve to.
#[derive(Clone, Debug)]
pub struct Target {
    /// The version to run (an alias's weights are drawn already).
    pub version: Arc<FunctionVersion>,
    /// The ARN by which it was called: qualified when the caller gave a qualifier.
    pub invoked_arn: String,
    /// The alias or version that the caller named.
    pub qualifier: Option<String>,
}

/// Why the registry refuses.
#[derive(Debug, thiserror::Error)]
pub enum FunctionError {
    /// No such function, version or alias.
    #[error("Function not found: {arn}")]
    NotFound {
        /// As the caller named it, in full.
        arn: String,
    },
}

/// Every deployed function, in memory, written through to the store.
pub struct Registry;

impl Registry {
    /// Resolves `reference` (bare name, partial or full ARN, either with a qualifier) and `qualifier` for a caller.
    /// Touches memory only.
    ///
    /// # Errors
    /// No such function, version or alias; a reference to another account or region; a function that is not invocable yet.
    pub fn resolve(
        &self,
        _identity: &Identity,
        _reference: &str,
        _qualifier: Option<&str>,
    ) -> Result<Target, FunctionError> {
        todo!("function")
    }

    /// The function's reserved concurrency.
    pub fn reserved_concurrency(&self, _function: &FunctionKey) -> Option<u32> {
        todo!("function")
    }

    /// The sum of all reserved concurrency of an account in a region.
    pub fn total_reserved(&self, _account: &str, _region: &str) -> u32 {
        todo!("function")
    }
}

/// A function to create, or to replace whole.
#[derive(Clone, Debug)]
pub struct PutFunction {
    /// Bare name.
    pub name: String,
    /// Such as `python3.12`; the newest that the host has when absent.
    pub runtime: Option<String>,
    /// `module.function`; `lambda_function.lambda_handler` when absent.
    pub handler: Option<String>,
    /// The package.
    pub zip: bytes::Bytes,
    /// Whether its `requirements.txt` is resolved at deploy.
    pub requirements: bool,
}

impl Registry {
    /// Creates or replaces a function; answers its configuration (`FunctionConfiguration` of the model) once it is active.
    ///
    /// # Errors
    /// What is wrong with the package or the settings, or why the deploy failed.
    pub async fn put(
        self: &Arc<Self>,
        _identity: &Identity,
        _function: PutFunction,
    ) -> Result<serde_json::Value, FunctionError> {
        todo!("function")
    }

    /// The package behind a link of `Code.Location`, when the token is good.
    pub async fn code(&self, _token: &str) -> Option<bytes::Bytes> {
        todo!("function")
    }
}
