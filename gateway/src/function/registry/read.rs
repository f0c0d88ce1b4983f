//! GetFunction, GetFunctionConfiguration, and the links to packages.

use bytes::Bytes;
use serde_json::Value;

use super::Registry;
use super::resolve::locate;
use crate::auth::Identity;
use crate::function::tag::Tags;
use crate::function::{FunctionError, describe, link};

/// A function as GetFunction shows it.
#[derive(Clone, Debug)]
pub struct FunctionView {
    /// `FunctionConfiguration` of the model.
    pub configuration: Value,
    /// What proves to [`Registry::code`] that its holder may have the package.
    pub code_token: String,
    /// Tags.
    pub tags: Tags,
    /// Reserved concurrency.
    pub reserved: Option<u32>,
}

impl Registry {
    /// What a name and qualifier stand for.
    ///
    /// # Errors
    /// No such function, version or alias; another account or region.
    pub fn view(
        &self,
        identity: &Identity,
        reference: &str,
        qualifier: Option<&str>,
    ) -> Result<FunctionView, FunctionError> {
        let located = locate(identity, reference, qualifier)?;
        let entry = self.entry(identity, located)?;
        let function = &entry.function;
        let (number, version) = function.version(located.qualifier)?;
        let now_ms = self.clock.now_ms();
        Ok(FunctionView {
            configuration: describe::configuration(function, number, version, located.qualifier),
            code_token: link::token(&self.link_secret, &version.code.blob, now_ms),
            tags: function.tags.clone(),
            reserved: function.reserved,
        })
    }

    /// The package behind a link of `Code.Location`, when the token is good.
    pub async fn code(&self, token: &str) -> Option<Bytes> {
        let blob = link::verify(&self.link_secret, token, self.clock.now_ms())?;
        match self.shelf.zip(blob).await {
            Ok(zip) => zip,
            Err(error) => {
                tracing::error!(%error, "read a package");
                None
            }
        }
    }
}
