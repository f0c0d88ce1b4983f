//! A whole deploy in one call, for hearth's own REST: create or replace, and wait until it runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use super::resolve::locate;
use super::update::{Change, whole};
use super::{Registry, key_of};
use crate::auth::Identity;
use crate::function::aggregate::{Code, Function, Reason, State};
use crate::function::arn::Reference;
use crate::function::limits::NAME_CHARS;
use crate::function::settings::{Environment, Settings, SettingsChange};
use crate::function::tag::Tags;
use crate::function::{FunctionError, FunctionKey, describe};

const DEFAULT_HANDLER: &str = "lambda_function.lambda_handler";

/// A function to create, or whose code to replace. What is not given stays as it is, or is Lambda's default.
#[derive(Clone, Debug, Default)]
pub struct PutFunction {
    /// Bare name.
    pub name: String,
    /// Such as `python3.12`; the newest that the host has when absent.
    pub runtime: Option<String>,
    /// `module.function`; `lambda_function.lambda_handler` when absent.
    pub handler: Option<String>,
    /// The package.
    pub zip: Bytes,
    /// Whether its `requirements.txt` is resolved at deploy.
    pub requirements: bool,
    /// For people.
    pub description: Option<String>,
    /// Seconds.
    pub timeout_seconds: Option<u32>,
    /// MiB.
    pub memory_mib: Option<u32>,
    /// All environment variables.
    pub environment: Option<BTreeMap<String, String>>,
}

impl PutFunction {
    fn settings(&self) -> SettingsChange {
        SettingsChange {
            runtime: self.runtime.clone(),
            handler: self.handler.clone(),
            description: self.description.clone(),
            timeout: self.timeout_seconds,
            memory_size: self.memory_mib,
            environment: self.environment.clone().map(|variables| Environment {
                variables: Some(variables),
            }),
            ..SettingsChange::default()
        }
    }
}

impl Registry {
    /// Creates or replaces a function; answers its configuration (`FunctionConfiguration` of the model) once it is active.
    ///
    /// # Errors
    /// What is wrong with the package or the settings, or why the deploy failed; nothing is left of it then.
    pub async fn put(
        self: &Arc<Self>,
        identity: &Identity,
        function: PutFunction,
    ) -> Result<Value, FunctionError> {
        if Reference::parse(&function.name).is_none() {
            return Err(FunctionError::Invalid(
                "a function's name is made of letters, digits, - and _".to_owned(),
            ));
        }
        let name = whole(locate(identity, &function.name, None)?)?;
        if name.len() > NAME_CHARS {
            return Err(FunctionError::Invalid(format!(
                "a function's name has at most {NAME_CHARS} characters"
            )));
        }
        let key = key_of(identity, name);
        let registry = Arc::clone(self);
        let deploying = async move {
            if registry.stored(&key).is_ok() {
                registry.replace(&key, function).await?;
            } else {
                registry.create_whole(&key, function).await?;
            }
            let entry = registry.stored(&key)?;
            let function = &entry.function;
            Ok(describe::configuration(
                function,
                None,
                &function.latest,
                None,
            ))
        };
        self.detached(deploying).await
    }

    async fn create_whole(
        self: &Arc<Self>,
        key: &FunctionKey,
        put: PutFunction,
    ) -> Result<(), FunctionError> {
        let mut change = put.settings();
        change.role = Some(format!("arn:aws:iam::{}:role/hearth", key.account));
        change
            .handler
            .get_or_insert_with(|| DEFAULT_HANDLER.to_owned());
        if change.runtime.is_none() {
            change.runtime = Some(self.newest_runtime()?);
        }
        let settings = Settings::new(change, &key.region)?;
        let template =
            |key, code, now_ms| Function::create(key, settings, code, Tags::new(), false, now_ms);
        let (_, deploy) = self
            .create_now(key.clone(), put.zip, put.requirements, template)
            .await?;
        let Err(failure) = ended(deploy.await) else {
            return Ok(());
        };
        let still_failed = |function: &Function| match function.latest.state {
            State::Failed => Ok(()),
            state => Err(FunctionError::NotReady {
                state: state.word(),
            }),
        };
        if let Err(error) = self.remove(key.clone(), still_failed).await {
            tracing::warn!(%error, function.name = key.name, "remove a function whose deploy failed");
        }
        Err(failure)
    }

    async fn replace(
        self: &Arc<Self>,
        key: &FunctionKey,
        put: PutFunction,
    ) -> Result<(), FunctionError> {
        let settings = put.settings();
        let bytes = put.zip.len() as u64;
        let hold = self.shelf.stock(put.zip).await?;
        let code = Code {
            blob: hold.blob.clone(),
            bytes,
            requirements: put.requirements,
        };
        let change = Change {
            settings,
            code: Some((hold, code)),
            publish: false,
            revision_id: None,
        };
        let (_, deploy) = self.update_now(key.clone(), change).await?;
        ended(deploy.await)
    }

    fn newest_runtime(&self) -> Result<String, FunctionError> {
        let newest = self.host.interpreters().last();
        newest
            .map(|interpreter| format!("python{}", interpreter.version))
            .ok_or_else(|| {
                FunctionError::Invalid(
                    "this host has no Python that hearth can use: install one, or name its executable in HEARTH_PYTHON"
                        .to_owned(),
                )
            })
    }
}

fn ended(deploy: Result<Result<(), Reason>, tokio::task::JoinError>) -> Result<(), FunctionError> {
    match deploy {
        Ok(Ok(())) => Ok(()),
        Ok(Err(reason)) => Err(FunctionError::DeployFailed {
            reason: reason.text,
        }),
        Err(error) => Err(FunctionError::Interrupted(error.to_string())),
    }
}
