//! One deployed version of a function, as everything above the registry sees it: immutable, shared by `Arc`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use invoker::NetworkMode;

/// Which function: account and region are part of every key.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct FunctionKey {
    /// Twelve digits.
    pub account: String,
    /// Such as `us-east-1`.
    pub region: String,
    /// Bare name.
    pub name: String,
}

impl FunctionKey {
    /// The unqualified ARN.
    pub fn arn(&self) -> String {
        format!(
            "arn:aws:lambda:{}:{}:function:{}",
            self.region, self.account, self.name
        )
    }
}

/// `LoggingConfig.LogFormat`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum LogFormat {
    /// Tab-separated text.
    #[default]
    Text,
    /// JSON objects.
    #[serde(rename = "JSON")]
    Json,
}

/// The part of a version's configuration that running it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// Such as `python3.12`.
    pub runtime: String,
    /// `module.function`.
    pub handler: String,
    /// Seconds, 1–900.
    pub timeout_seconds: u32,
    /// MiB.
    pub memory_mib: u32,
    /// Size of `/tmp`, MiB.
    pub tmp_mib: u32,
    /// The user's own variables.
    pub environment: BTreeMap<String, String>,
    /// Text or JSON.
    pub log_format: LogFormat,
    /// `ApplicationLogLevel`, JSON format only.
    pub application_log_level: Option<String>,
    /// `SystemLogLevel`, JSON format only.
    pub system_log_level: Option<String>,
    /// `/aws/lambda/NAME` unless configured.
    pub log_group: String,
    /// `Active` or `PassThrough`.
    pub tracing_mode: String,
}

/// One deployed version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionVersion {
    /// Which function.
    pub key: FunctionKey,
    /// `$LATEST` or a number.
    pub version: String,
    /// Changes with every change of code or configuration (not with every transition of state).
    pub revision: String,
    /// What running it needs.
    pub configuration: Configuration,
    /// The unpacked package.
    pub code: PathBuf,
    /// Folders of resolved requirements, in `sys.path` order behind the package.
    pub libraries: Vec<PathBuf>,
    /// What its sandboxes reach: the function's setting, for all its versions.
    pub network: NetworkMode,
}

impl FunctionVersion {
    /// Whether `other` runs in the same way.
    pub fn runs_as(&self, other: &Self) -> bool {
        self.version == other.version
            && self.revision == other.revision
            && self.network == other.network
    }

    /// The invoker's name for it: `account/region/name/version`, stable across changes of code.
    pub fn pool_id(&self) -> String {
        let FunctionKey {
            account,
            region,
            name,
        } = &self.key;
        format!("{account}/{region}/{name}/{}", self.version)
    }
}

/// The function and the version that a [`FunctionVersion::pool_id`] names.
pub fn of_pool_id(pool_id: &str) -> Option<(FunctionKey, &str)> {
    let mut parts = pool_id.splitn(4, '/');
    let (account, region) = (parts.next()?, parts.next()?);
    let (name, version) = (parts.next()?, parts.next()?);
    let key = FunctionKey {
        account: account.to_owned(),
        region: region.to_owned(),
        name: name.to_owned(),
    };
    Some((key, version))
}
