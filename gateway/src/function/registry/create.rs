//! CreateFunction.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use super::deploy::DeployTask;
use super::resolve::locate;
use super::{Registry, key_of};
use crate::auth::Identity;
use crate::function::aggregate::{Code, Function};
use crate::function::limits::NAME_CHARS;
use crate::function::settings::{Settings, SettingsChange};
use crate::function::tag::{self, Tags};
use crate::function::update_code::CodeSource;
use crate::function::{FunctionError, FunctionKey, describe};

/// A function to create.
#[derive(Clone, Debug)]
pub struct NewFunction {
    /// Bare name, or an ARN of the caller's account and region.
    pub name: String,
    /// Configuration.
    pub settings: SettingsChange,
    /// Where the package is.
    pub code: CodeSource,
    /// Whether `PackageType` is `Image`.
    pub image: bool,
    /// Whether version 1 is published too.
    pub publish: bool,
    /// Tags.
    pub tags: Tags,
    /// A code signing configuration, which hearth has none of.
    pub code_signing_config: Option<String>,
}

impl Registry {
    /// Creates a function; answers its configuration (`FunctionConfiguration` of the model), Pending.
    ///
    /// # Errors
    /// What is wrong with the request or the package, or the name is taken.
    pub async fn create(
        self: &Arc<Self>,
        identity: &Identity,
        new: NewFunction,
    ) -> Result<Value, FunctionError> {
        let key = self.free_key(identity, &new.name)?;
        if let Some(arn) = new.code_signing_config {
            return Err(FunctionError::CodeSigningConfigMissing { arn });
        }
        let zip = new.code.for_new(new.image)?;
        let settings = Settings::new(new.settings, &key.region)?;
        let mut tags = Tags::new();
        tag::add(&mut tags, new.tags)?;
        let (registry, publish) = (Arc::clone(self), new.publish);
        let creation = async move {
            let template = move |key, code, now_ms| {
                Function::create(key, settings, code, tags, publish, now_ms)
            };
            registry.create_now(key, zip, false, template).await
        };
        let (function, _deploy) = self.detached(creation).await?;
        let qualifier = publish.then_some("1");
        let (number, version) = function.version(qualifier)?;
        Ok(describe::configuration(
            &function, number, version, qualifier,
        ))
    }

    /// The key of a function to create.
    fn free_key(&self, identity: &Identity, reference: &str) -> Result<FunctionKey, FunctionError> {
        let name = locate(identity, reference, None)?.name;
        if name.len() > NAME_CHARS {
            return Err(FunctionError::Invalid(format!(
                "1 validation error detected: Value '{name}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to {NAME_CHARS}"
            )));
        }
        let key = key_of(identity, name);
        match self.stored(&key) {
            Ok(_) => Err(FunctionError::Exists { name: key.name }),
            Err(_) => Ok(key),
        }
    }

    /// Stores the function that `template` makes of its key, package and time, and starts its deploy.
    pub(super) async fn create_now(
        self: &Arc<Self>,
        key: FunctionKey,
        zip: Bytes,
        requirements: bool,
        template: impl FnOnce(FunctionKey, Code, i64) -> Function,
    ) -> Result<(Function, DeployTask), FunctionError> {
        let bytes = zip.len() as u64;
        let hold = self.shelf.stock(zip).await?;
        let code = Code {
            blob: hold.blob.clone(),
            bytes,
            requirements,
        };
        let function = template(key.clone(), code, self.clock.now_ms());
        let turn = self.turns.take(&key).await;
        self.insert(function.clone()).await?;
        drop(turn);
        let id = function.deploy.as_ref().map(|deploy| deploy.id.clone());
        let deploy = self.spawn_deploy(key, id.unwrap_or_default());
        Ok((function, deploy))
    }
}
