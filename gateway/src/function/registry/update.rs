//! UpdateFunctionCode and UpdateFunctionConfiguration: a new package, new settings, or both in one deploy.

use std::sync::Arc;

use serde_json::Value;

use super::deploy::DeployTask;
use super::resolve::{Located, locate};
use super::{Registry, key_of};
use crate::auth::Identity;
use crate::function::aggregate::{Code, Function};
use crate::function::qualifier::{LATEST, label};
use crate::function::settings::SettingsChange;
use crate::function::shelf::Hold;
use crate::function::update_code::CodeSource;
use crate::function::{FunctionError, FunctionKey, describe};

/// A new package for a function.
#[derive(Clone, Debug)]
pub struct CodeUpdate {
    /// Bare name, or an ARN of the caller's account and region.
    pub name: String,
    /// Where the package is.
    pub code: CodeSource,
    /// What else changes: its architecture.
    pub settings: SettingsChange,
    /// Whether a version is published too.
    pub publish: bool,
    /// Only say what would come of it.
    pub dry_run: bool,
    /// What the caller takes to be the present `RevisionId`.
    pub revision_id: Option<String>,
}

/// An update as it is stored: new settings, and a new package where there is one.
pub(super) struct Change {
    pub(super) settings: SettingsChange,
    pub(super) code: Option<(Hold, Code)>,
    pub(super) publish: bool,
    pub(super) revision_id: Option<String>,
}

/// The name in a reference to a whole function.
///
/// # Errors
/// It names a version or an alias.
pub(super) fn whole(located: Located<'_>) -> Result<&str, FunctionError> {
    match located.qualifier {
        None | Some(LATEST) => Ok(located.name),
        Some(_) => Err(FunctionError::Invalid(
            "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN."
                .to_owned(),
        )),
    }
}

impl Registry {
    /// Gives a function a new package; answers its configuration (of the published version, where one was asked for).
    ///
    /// # Errors
    /// What is wrong with the request or the package; another update goes on.
    pub async fn update_code(
        self: &Arc<Self>,
        identity: &Identity,
        update: CodeUpdate,
    ) -> Result<Value, FunctionError> {
        let key = key_of(identity, whole(locate(identity, &update.name, None)?)?);
        let entry = self.stored(&key)?;
        let zip = update.code.for_update()?;
        let revision_id = update.revision_id;
        entry.function.expect_revision(revision_id.as_deref())?;
        let bytes = zip.len() as u64;
        if update.dry_run {
            let mut function = entry.function.clone();
            let requirements = false;
            let blob = self.shelf.check(zip).await?;
            function.latest.code = Code {
                blob,
                bytes,
                requirements,
            };
            let settings = &mut function.latest.settings;
            settings.apply(update.settings, &key.region)?;
            return Ok(answer(&function, None));
        }
        entry.function.settled()?;
        let (registry, settings, publish) = (Arc::clone(self), update.settings, update.publish);
        let updating = async move {
            let hold = registry.shelf.stock(zip).await?;
            let code = Code {
                blob: hold.blob.clone(),
                bytes,
                requirements: false,
            };
            let change = Change {
                settings,
                code: Some((hold, code)),
                publish,
                revision_id,
            };
            registry.update_now(key, change).await
        };
        let (answer, _deploy) = self.detached(updating).await?;
        Ok(answer)
    }

    /// Gives a function new settings; answers its configuration.
    ///
    /// # Errors
    /// What is wrong with the request; another update goes on.
    pub async fn update_configuration(
        self: &Arc<Self>,
        identity: &Identity,
        reference: &str,
        settings: SettingsChange,
        revision_id: Option<String>,
    ) -> Result<Value, FunctionError> {
        let key = key_of(identity, whole(locate(identity, reference, None)?)?);
        let registry = Arc::clone(self);
        let change = Change {
            settings,
            code: None,
            publish: false,
            revision_id,
        };
        let updating = async move { registry.update_now(key, change).await };
        let (answer, _deploy) = self.detached(updating).await?;
        Ok(answer)
    }

    /// Stores a change and starts its deploy.
    pub(super) async fn update_now(
        self: &Arc<Self>,
        key: FunctionKey,
        change: Change,
    ) -> Result<(Value, DeployTask), FunctionError> {
        let now_ms = self.clock.now_ms();
        let decide = |function: &mut Function| {
            function.expect_revision(change.revision_id.as_deref())?;
            function.settled()?;
            let mut settings = function.latest.settings.clone();
            settings.apply(change.settings, &function.key.region)?;
            let code = match &change.code {
                Some((_, code)) => code.clone(),
                None => function.latest.code.clone(),
            };
            let number = function.begin_update(settings, code, change.publish, now_ms)?;
            let id = function.deploy.as_ref().map(|deploy| deploy.id.clone());
            Ok((answer(function, number), id.unwrap_or_default()))
        };
        let (answer, id) = self.changed(&key, decide).await?;
        Ok((answer, self.spawn_deploy(key, id)))
    }
}

fn answer(function: &Function, number: Option<u64>) -> Value {
    let version = function.numbered(number).unwrap_or(&function.latest);
    let qualifier = number.map(|number| label(Some(number)));
    describe::configuration(function, number, version, qualifier.as_deref())
}
