//! A version's configuration: what a request may change of it, its defaults, and what the model cannot say about it. Pure.
//!
//! Members that hearth only keeps (`VpcConfig`, `KMSKeyArn`, …) are stored as the model lets them in, and given back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::limits::{
    DEFAULT_MEMORY_MIB, DEFAULT_TIMEOUT_SECONDS, DEFAULT_TMP_MIB, LAYERS, MEMORY_MIB,
    TIMEOUT_SECONDS,
};
use super::{FunctionError, LogFormat, environment, runtime};

/// A version's configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Such as `python3.12`.
    pub runtime: String,
    /// `module.function`.
    pub handler: String,
    /// The role's ARN; nothing is asked of it.
    pub role: String,
    /// For people.
    pub description: String,
    /// Seconds.
    pub timeout_seconds: u32,
    /// MiB.
    pub memory_mib: u32,
    /// MiB.
    pub tmp_mib: u32,
    /// The user's variables; `None` when never given.
    pub environment: Option<BTreeMap<String, String>>,
    /// `x86_64` or `arm64`.
    pub architecture: String,
    /// Text or JSON.
    pub log_format: LogFormat,
    /// Of the handler's records, JSON format only.
    pub application_log_level: Option<String>,
    /// Of Lambda's own records, JSON format only.
    pub system_log_level: Option<String>,
    /// Where logs go, unless to the function's own group.
    pub log_group: Option<String>,
    /// `Active` or `PassThrough`.
    pub tracing_mode: String,
    /// `PublishedVersions` or `None`.
    pub snap_start: String,
    /// Members that are only kept, by their names in the model.
    #[serde(default)]
    pub kept: BTreeMap<String, Value>,
}

/// The members of a request that change settings, by their names in the model. Absent ones leave what is there.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the members are the model's")]
pub struct SettingsChange {
    pub runtime: Option<String>,
    pub handler: Option<String>,
    pub role: Option<String>,
    pub description: Option<String>,
    pub timeout: Option<u32>,
    pub memory_size: Option<u32>,
    pub ephemeral_storage: Option<EphemeralStorage>,
    pub environment: Option<Environment>,
    pub architectures: Option<Vec<String>>,
    pub logging_config: Option<LoggingConfig>,
    pub tracing_config: Option<TracingConfig>,
    pub snap_start: Option<SnapStart>,
    pub layers: Option<Vec<String>>,
    pub vpc_config: Option<Value>,
    pub dead_letter_config: Option<Value>,
    #[serde(rename = "KMSKeyArn")]
    pub kms_key_arn: Option<String>,
    pub file_system_configs: Option<Value>,
    pub durable_config: Option<Value>,
    pub tenancy_config: Option<Value>,
    pub capacity_provider_config: Option<Value>,
    pub image_config: Option<Value>,
}

/// `EphemeralStorage`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EphemeralStorage {
    /// MiB.
    pub size: u32,
}

/// `Environment`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Environment {
    /// All of them: they replace what is there.
    pub variables: Option<BTreeMap<String, String>>,
}

/// `LoggingConfig`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the members are the model's")]
pub struct LoggingConfig {
    pub log_format: Option<LogFormat>,
    pub application_log_level: Option<String>,
    pub system_log_level: Option<String>,
    pub log_group: Option<String>,
}

/// `TracingConfig`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TracingConfig {
    /// `Active` or `PassThrough`.
    pub mode: Option<String>,
}

/// `SnapStart`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SnapStart {
    /// `PublishedVersions` or `None`.
    pub apply_on: Option<String>,
}

impl Settings {
    /// The settings of a new function.
    ///
    /// # Errors
    /// What is missing or cannot be used.
    pub fn new(change: SettingsChange, region: &str) -> Result<Self, FunctionError> {
        if change.runtime.is_none() || change.handler.is_none() {
            return Err(invalid(
                "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
            ));
        }
        let mut settings = Self {
            runtime: String::new(),
            handler: String::new(),
            role: String::new(),
            description: String::new(),
            timeout_seconds: DEFAULT_TIMEOUT_SECONDS,
            memory_mib: DEFAULT_MEMORY_MIB,
            tmp_mib: DEFAULT_TMP_MIB,
            environment: None,
            architecture: host_architecture().to_owned(),
            log_format: LogFormat::Text,
            application_log_level: None,
            system_log_level: None,
            log_group: None,
            tracing_mode: "PassThrough".to_owned(),
            snap_start: "None".to_owned(),
            kept: BTreeMap::new(),
        };
        settings.apply(change, region)?;
        Ok(settings)
    }

    /// Makes the changes of a request.
    ///
    /// # Errors
    /// What cannot be used; the settings may have changed in part.
    pub fn apply(&mut self, change: SettingsChange, region: &str) -> Result<(), FunctionError> {
        check(&change, region)?;
        let set = |member: &mut String, value: Option<String>| {
            if let Some(value) = value {
                *member = value;
            }
        };
        set(&mut self.runtime, change.runtime);
        set(&mut self.handler, change.handler);
        set(&mut self.role, change.role);
        set(&mut self.description, change.description);
        set(
            &mut self.architecture,
            change
                .architectures
                .and_then(|list| list.into_iter().next()),
        );
        set(
            &mut self.tracing_mode,
            change.tracing_config.and_then(|tracing| tracing.mode),
        );
        set(
            &mut self.snap_start,
            change.snap_start.and_then(|snap_start| snap_start.apply_on),
        );
        self.timeout_seconds = change.timeout.unwrap_or(self.timeout_seconds);
        self.memory_mib = change.memory_size.unwrap_or(self.memory_mib);
        self.tmp_mib = change
            .ephemeral_storage
            .map_or(self.tmp_mib, |storage| storage.size);
        if let Some(environment) = change.environment {
            self.environment = Some(environment.variables.unwrap_or_default());
        }
        let kept = [
            ("VpcConfig", change.vpc_config),
            ("DeadLetterConfig", change.dead_letter_config),
            ("KMSKeyArn", change.kms_key_arn.map(Value::String)),
            ("FileSystemConfigs", change.file_system_configs),
            ("DurableConfig", change.durable_config),
            ("TenancyConfig", change.tenancy_config),
        ];
        for (member, value) in kept {
            if let Some(value) = value {
                self.kept.insert(member.to_owned(), value);
            }
        }
        self.apply_logging(change.logging_config)
    }

    fn apply_logging(&mut self, change: Option<LoggingConfig>) -> Result<(), FunctionError> {
        let Some(change) = change else {
            return Ok(());
        };
        let levels = change.application_log_level.is_some() || change.system_log_level.is_some();
        self.log_format = change.log_format.unwrap_or(self.log_format);
        if change.log_group.is_some() {
            self.log_group = change.log_group;
        }
        match self.log_format {
            LogFormat::Text if levels => {
                return Err(invalid(
                    "LogLevel is not supported when LogFormat is set to \"Text\". Remove LogLevel from your request or change the LogFormat to \"JSON\" and try again.",
                ));
            }
            LogFormat::Text => (self.application_log_level, self.system_log_level) = (None, None),
            LogFormat::Json => {
                let level = |new: Option<String>, old: Option<String>| {
                    new.or(old).or_else(|| Some("INFO".to_owned()))
                };
                let old = self.application_log_level.take();
                self.application_log_level = level(change.application_log_level, old);
                let old = self.system_log_level.take();
                self.system_log_level = level(change.system_log_level, old);
            }
        }
        Ok(())
    }

    /// Whether both run the same way; a published version's description is its own.
    pub fn runs_like(&self, other: &Self) -> bool {
        let plain = |settings: &Self| Self {
            description: String::new(),
            ..settings.clone()
        };
        plain(self) == plain(other)
    }
}

fn check(change: &SettingsChange, region: &str) -> Result<(), FunctionError> {
    let over = |value: u32, member: &str, most: u32| {
        FunctionError::Validation(format!(
            "Value '{value}' at '{member}' failed to satisfy constraint: Member must have value less than or equal to {most}"
        ))
    };
    if let Some(runtime) = &change.runtime {
        runtime::check(runtime)?;
    }
    if let Some(timeout) = change.timeout.filter(|timeout| *timeout > TIMEOUT_SECONDS) {
        return Err(over(timeout, "timeout", TIMEOUT_SECONDS));
    }
    if let Some(memory) = change.memory_size.filter(|memory| *memory > MEMORY_MIB) {
        return Err(over(memory, "memorySize", MEMORY_MIB));
    }
    let variables = change.environment.as_ref();
    if let Some(variables) = variables.and_then(|environment| environment.variables.as_ref()) {
        environment::check(variables)?;
    }
    check_layers(change.layers.as_deref().unwrap_or_default(), region)?;
    if change.capacity_provider_config.is_some() {
        return Err(invalid(
            "There is no capacity provider: leave CapacityProviderConfig out.",
        ));
    }
    if change.image_config.is_some() {
        return Err(invalid(
            "ImageConfig is not supported for functions with packageType Zip.",
        ));
    }
    Ok(())
}

fn check_layers(layers: &[String], region: &str) -> Result<(), FunctionError> {
    if layers.len() > LAYERS {
        return Err(invalid(&format!(
            "Cannot reference more than {LAYERS} layers."
        )));
    }
    let Some(layer) = layers.first() else {
        return Ok(());
    };
    if layer.split(':').nth(3) != Some(region) {
        return Err(invalid(&format!(
            "Layers are not in the same region as the function. Layers are expected to be in region {region}."
        )));
    }
    Err(invalid(&format!("Layer version {layer} does not exist.")))
}

/// The host's architecture in Lambda's word.
fn host_architecture() -> &'static str {
    match std::env::consts::ARCH {
        "aarch64" => "arm64",
        _ => "x86_64",
    }
}

fn invalid(message: &str) -> FunctionError {
    FunctionError::Invalid(message.to_owned())
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    pub(crate) fn change(members: Value) -> SettingsChange {
        serde_json::from_value(members).unwrap()
    }

    pub(crate) fn settings() -> Settings {
        let members = json!({ "Runtime": "python3.12", "Handler": "app.handler", "Role": "arn:aws:iam::000000000000:role/r" });
        Settings::new(change(members), "us-east-1").unwrap()
    }

    fn refusal(members: Value) -> String {
        let refused = settings().apply(change(members), "us-east-1");
        refused.unwrap_err().to_string()
    }

    #[test]
    fn absent_members_stay() {
        let mut changed = settings();
        let members = json!({ "MemorySize": 256, "Environment": { "Variables": { "A1": "b" } }, "VpcConfig": {} });
        changed.apply(change(members), "us-east-1").unwrap();
        changed
            .apply(change(json!({ "Description": "d" })), "us-east-1")
            .unwrap();
        assert_eq!((changed.memory_mib, changed.timeout_seconds), (256, 3));
        assert_eq!(changed.environment.as_ref().unwrap()["A1"], "b");
        assert_eq!(changed.kept["VpcConfig"], json!({}));
        changed
            .apply(change(json!({ "Environment": {} })), "us-east-1")
            .unwrap();
        assert_eq!(changed.environment, Some(BTreeMap::new()));
    }

    #[test]
    fn what_the_model_lets_in_and_lambda_does_not() {
        assert_eq!(
            refusal(json!({ "Timeout": 901 })),
            "1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900"
        );
        assert!(refusal(json!({ "MemorySize": 10_241 })).contains("'memorySize'"));
        assert_eq!(
            refusal(json!({ "Layers": ["arn:aws:lambda:us-east-1:000000000000:layer:l:9"] })),
            "Layer version arn:aws:lambda:us-east-1:000000000000:layer:l:9 does not exist."
        );
        assert!(
            refusal(json!({ "Layers": ["arn:aws:lambda:eu-west-1:000000000000:layer:l:9"] }))
                .contains("expected to be in region us-east-1")
        );
        assert_eq!(
            refusal(json!({ "Layers": vec!["l"; 6] })),
            "Cannot reference more than 5 layers."
        );
    }

    #[test]
    fn log_levels_belong_to_json() {
        assert!(
            refusal(json!({ "LoggingConfig": { "ApplicationLogLevel": "DEBUG" } }))
                .starts_with("LogLevel is not supported")
        );
        let mut changed = settings();
        let members = json!({ "LoggingConfig": { "LogFormat": "JSON", "ApplicationLogLevel": "DEBUG", "LogGroup": "/g" } });
        changed.apply(change(members), "us-east-1").unwrap();
        assert_eq!(changed.application_log_level.as_deref(), Some("DEBUG"));
        assert_eq!(changed.system_log_level.as_deref(), Some("INFO"));
        let members = json!({ "LoggingConfig": { "LogFormat": "Text" } });
        changed.apply(change(members), "us-east-1").unwrap();
        assert_eq!(changed.application_log_level, None);
        assert_eq!(changed.log_group.as_deref(), Some("/g"));
    }

    #[test]
    fn runtime_and_handler_are_needed() {
        let refused = Settings::new(change(json!({ "Runtime": "python3.12" })), "us-east-1");
        assert!(refused.unwrap_err().to_string().contains("mandatory"));
    }
}
