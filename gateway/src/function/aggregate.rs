//! One function with everything that belongs to it: the document that the store holds. Pure.
//!
//! A change makes a new [`Function`] of the old one and is written whole. Its states are `deployment`'s matter.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use invoker::NetworkMode;
use serde::{Deserialize, Serialize};

use super::alias::Alias;
use super::policy::Policy;
use super::qualifier::{LATEST, Qualifier};
use super::recording::Recording;
use super::settings::Settings;
use super::tag::Tags;
use super::{Configuration, FunctionError, FunctionKey, FunctionVersion};

/// A function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Function {
    /// Which.
    pub key: FunctionKey,
    /// What `$LATEST` is, or is becoming.
    pub latest: Version,
    /// Published versions by number.
    #[serde(default)]
    pub published: BTreeMap<u64, Version>,
    /// The highest number ever published.
    #[serde(default)]
    pub last_number: u64,
    /// Aliases by name.
    #[serde(default)]
    pub aliases: BTreeMap<String, Alias>,
    /// Policies by qualifier, the function's own under the empty one.
    #[serde(default)]
    pub policies: BTreeMap<String, Policy>,
    /// Tags.
    #[serde(default)]
    pub tags: Tags,
    /// Reserved concurrency.
    #[serde(default)]
    pub reserved: Option<u32>,
    /// What is kept of its invocations, where it was ever set.
    #[serde(default)]
    pub recording: Option<Arc<Recording>>,
    /// What its sandboxes reach.
    #[serde(default)]
    pub network: NetworkMode,
    /// The deploy that goes on.
    #[serde(default)]
    pub deploy: Option<Deploy>,
}

/// `$LATEST` or a published version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// Configuration.
    pub settings: Settings,
    /// Package.
    pub code: Code,
    /// Folders of resolved requirements.
    #[serde(default)]
    pub libraries: Vec<PathBuf>,
    /// Changes when it runs differently.
    pub revision: String,
    /// `RevisionId`: changes with every transition.
    pub revision_id: String,
    /// When it was last changed by a request, milliseconds since the epoch.
    pub modified_ms: i64,
    /// `State`.
    pub state: State,
    /// `StateReason`.
    #[serde(default)]
    pub reason: Option<Reason>,
    /// `LastUpdateStatus`; none while the function is being created.
    #[serde(default)]
    pub update: Option<Update>,
}

/// A package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// Lowercase hexadecimal SHA-256 of the zip.
    pub blob: String,
    /// Size of the zip.
    pub bytes: u64,
    /// Whether its `requirements.txt` is resolved at deploy.
    #[serde(default)]
    pub requirements: bool,
}

/// `State`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// Being created.
    Pending,
    /// Takes invocations.
    Active,
    /// Could not be created.
    Failed,
}

impl State {
    /// AWS's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Active => "Active",
            Self::Failed => "Failed",
        }
    }
}

/// Why a version is in its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// AWS's word.
    pub code: String,
    /// For people.
    pub text: String,
}

/// `LastUpdateStatus`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Update {
    /// Being deployed.
    InProgress,
    /// Deployed.
    Successful,
    /// Not deployed: what was there before goes on.
    Failed(Reason),
}

/// A deploy that goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deploy {
    /// Its own; a result of another deploy is void.
    pub id: String,
    /// What runs until it is done, and again when it fails.
    pub previous: Option<Box<Version>>,
    /// The version that it publishes.
    #[serde(default)]
    pub publishes: Option<u64>,
}

impl Function {
    /// The ARN of what `qualifier` names.
    pub fn arn(&self, qualifier: Option<&str>) -> String {
        qualified(self.key.arn(), qualifier)
    }

    /// The version that `qualifier` names (an alias: its own, whatever its weights), with its number unless it is `$LATEST`.
    ///
    /// # Errors
    /// There is none.
    pub fn version(
        &self,
        qualifier: Option<&str>,
    ) -> Result<(Option<u64>, &Version), FunctionError> {
        let number = match Qualifier::parse(qualifier) {
            Qualifier::Latest => None,
            Qualifier::Number(number) => Some(number),
            Qualifier::Alias(name) => match self.aliases.get(name) {
                Some(alias) => alias.version,
                None => return Err(self.not_found(qualifier)),
            },
        };
        self.numbered(number)
            .map(|version| (number, version))
            .ok_or_else(|| self.not_found(qualifier))
    }

    /// The version with this number; `$LATEST` without one.
    pub fn numbered(&self, number: Option<u64>) -> Option<&Version> {
        match number {
            None => Some(&self.latest),
            Some(number) => self.published.get(&number),
        }
    }

    /// That what `qualifier` names is not there.
    pub fn not_found(&self, qualifier: Option<&str>) -> FunctionError {
        FunctionError::NotFound {
            arn: self.arn(qualifier),
        }
    }

    /// The packages that it needs, each once.
    pub fn packages(&self) -> BTreeSet<&str> {
        let previous = self
            .deploy
            .as_ref()
            .and_then(|deploy| deploy.previous.as_deref());
        let versions = self
            .published
            .values()
            .chain([&self.latest])
            .chain(previous);
        versions.map(|version| version.code.blob.as_str()).collect()
    }

    /// The size of the packages of all its versions, bytes.
    pub fn code_bytes(&self) -> u64 {
        let versions = self.published.values().chain([&self.latest]);
        versions.map(|version| version.code.bytes).sum()
    }
}

/// `arn`, with the qualifier where there is one.
pub fn qualified(mut arn: String, qualifier: Option<&str>) -> String {
    if let Some(qualifier) = qualifier {
        arn.push(':');
        arn.push_str(qualifier);
    }
    arn
}

impl Version {
    /// What runs of it.
    pub fn runnable(
        &self,
        key: &FunctionKey,
        number: Option<u64>,
        code: PathBuf,
        network: NetworkMode,
    ) -> FunctionVersion {
        let settings = &self.settings;
        FunctionVersion {
            key: key.clone(),
            version: number.map_or_else(|| LATEST.to_owned(), |number| number.to_string()),
            revision: self.revision.clone(),
            configuration: Configuration {
                runtime: settings.runtime.clone(),
                handler: settings.handler.clone(),
                timeout_seconds: settings.timeout_seconds,
                memory_mib: settings.memory_mib,
                tmp_mib: settings.tmp_mib,
                environment: settings.environment.clone().unwrap_or_default(),
                log_format: settings.log_format,
                application_log_level: settings.application_log_level.clone(),
                system_log_level: settings.system_log_level.clone(),
                log_group: log_group(settings, key),
                tracing_mode: settings.tracing_mode.clone(),
            },
            code,
            libraries: self.libraries.clone(),
            network,
        }
    }
}

/// Where a function's logs go.
pub fn log_group(settings: &Settings, key: &FunctionKey) -> String {
    settings
        .log_group
        .clone()
        .unwrap_or_else(|| format!("/aws/lambda/{}", key.name))
}
