//! A function version as the invoker's [`SandboxSpec`]: above all its environment. Pure.
//!
//! The user's variables win over Lambda's unreserved ones (`PATH`, `LANG`, …) and lose against the reserved ones.
//! <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>

use std::collections::BTreeMap;
use std::time::Duration;

use invoker::{InvokeError, NetworkMode, PythonVersion, SandboxSpec};

use crate::function::{FunctionVersion, LogFormat};

/// How long initialisation may take: <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html>.
const INIT_TIMEOUT: Duration = Duration::from_secs(10);

/// The services that this server has, as SDKs name them: their clients in a function call it, those of others call AWS.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>
const SERVICES: [&str; 5] = ["LAMBDA", "CLOUDWATCH_LOGS", "CLOUDWATCH", "IAM", "STS"];

/// The log stream's name with the invoker's placeholders for what only a sandbox's start decides.
const STREAM_TEMPLATE_DATE: &str = "{date}";
/// See [`STREAM_TEMPLATE_DATE`].
const STREAM_TEMPLATE_SANDBOX: &str = "{sandbox}";

/// The name of the log stream of a sandbox of `version` that started on `date` (`YYYY/MM/DD`); `sandbox` has no dashes.
pub fn stream_name(date: &str, version: &str, sandbox: &str) -> String {
    format!("{date}/[{version}]{sandbox}")
}

/// The sandbox that runs `version`. `endpoint` is where it reaches this server, when its network leads there.
///
/// # Errors
/// Its runtime is no Python that a sandbox could run.
pub fn sandbox_spec(
    version: &FunctionVersion,
    endpoint: Option<&str>,
) -> Result<SandboxSpec, InvokeError> {
    let configuration = &version.configuration;
    let runtime = configuration
        .runtime
        .strip_prefix("python")
        .and_then(|number| number.parse::<PythonVersion>().ok())
        .ok_or_else(|| {
            InvokeError::Sandbox(format!("no backend runs {}", configuration.runtime))
        })?;
    let stream = stream_name(
        STREAM_TEMPLATE_DATE,
        &version.version,
        STREAM_TEMPLATE_SANDBOX,
    );
    Ok(SandboxSpec {
        owner: version.key.account.clone(),
        function: version.pool_id(),
        revision: version.revision.clone(),
        runtime,
        handler: configuration.handler.clone(),
        code: version.code.clone(),
        libraries: version.libraries.clone(),
        memory_mib: configuration.memory_mib,
        tmp_mib: configuration.tmp_mib,
        environment: environment(version, endpoint),
        templated: BTreeMap::from([("AWS_LAMBDA_LOG_STREAM_NAME".to_owned(), stream)]),
        init_timeout: INIT_TIMEOUT,
        network: version.network,
        json_logs: configuration.log_format == LogFormat::Json,
    })
}

fn environment(version: &FunctionVersion, endpoint: Option<&str>) -> BTreeMap<String, String> {
    let configuration = &version.configuration;
    let mut variables = unreserved();
    if let (NetworkMode::Outbound, Some(endpoint)) = (version.network, endpoint) {
        let services = SERVICES.map(|service| format!("AWS_ENDPOINT_URL_{service}"));
        variables.extend(services.map(|name| (name, endpoint.to_owned())));
    }
    variables.extend(configuration.environment.clone());
    let mut reserve = |name: &str, value: &str| variables.insert(name.to_owned(), value.to_owned());
    reserve("AWS_REGION", &version.key.region);
    reserve("AWS_DEFAULT_REGION", &version.key.region);
    reserve("AWS_LAMBDA_FUNCTION_NAME", &version.key.name);
    reserve("AWS_LAMBDA_FUNCTION_VERSION", &version.version);
    let memory_mib = configuration.memory_mib.to_string();
    reserve("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &memory_mib);
    reserve("AWS_LAMBDA_LOG_GROUP_NAME", &configuration.log_group);
    reserve("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
    let execution_environment = format!("AWS_Lambda_{}", configuration.runtime);
    reserve("AWS_EXECUTION_ENV", &execution_environment);
    // An access key id of twelve digits is an account: with these, a client inside the function calls as its own account.
    reserve("AWS_ACCESS_KEY_ID", &version.key.account);
    reserve("AWS_SECRET_ACCESS_KEY", "hearth");
    reserve("AWS_SESSION_TOKEN", "hearth");
    reserve("_HANDLER", &configuration.handler);
    reserve("LAMBDA_TASK_ROOT", "/var/task");
    reserve("LAMBDA_RUNTIME_DIR", "/var/runtime");
    reserve("PWD", "/var/task");
    reserve("TZ", ":UTC");
    if configuration.log_format == LogFormat::Json {
        reserve("AWS_LAMBDA_LOG_FORMAT", "JSON");
        if let Some(level) = &configuration.application_log_level {
            reserve("AWS_LAMBDA_LOG_LEVEL", level);
        }
    }
    variables
}

fn unreserved() -> BTreeMap<String, String> {
    [
        ("LANG", "en_US.UTF-8"),
        (
            "PATH",
            "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
        ),
        (
            "LD_LIBRARY_PATH",
            "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib",
        ),
        ("PYTHONPATH", "/var/runtime"),
        ("AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::function::version::of_pool_id;
    use crate::function::{Configuration, FunctionKey};

    pub(crate) fn version() -> FunctionVersion {
        FunctionVersion {
            key: FunctionKey {
                account: "123456789012".into(),
                region: "eu-west-1".into(),
                name: "hello".into(),
            },
            version: "$LATEST".into(),
            revision: "r1".into(),
            configuration: Configuration {
                runtime: "python3.12".into(),
                handler: "app.handler".into(),
                timeout_seconds: 3,
                memory_mib: 256,
                tmp_mib: 512,
                environment: BTreeMap::new(),
                log_format: LogFormat::Text,
                application_log_level: None,
                system_log_level: None,
                log_group: "/aws/lambda/hello".into(),
                tracing_mode: "PassThrough".into(),
            },
            code: "/code".into(),
            libraries: Vec::new(),
            network: NetworkMode::default(),
        }
    }

    #[test]
    fn the_users_variables_stand_between_unreserved_and_reserved() {
        let mut version = version();
        for (name, value) in [("LANG", "C"), ("AWS_REGION", "mars"), ("STAGE", "dev")] {
            let variables = &mut version.configuration.environment;
            variables.insert(name.into(), value.into());
        }
        let spec = sandbox_spec(&version, None).unwrap();
        let named = of_pool_id(&spec.function);
        assert_eq!(named, Some((version.key.clone(), "$LATEST")));
        assert_eq!(of_pool_id("account/region/name"), None);
        assert_eq!(spec.environment["LANG"], "C");
        assert_eq!(spec.environment["AWS_REGION"], "eu-west-1");
        assert_eq!(spec.environment["STAGE"], "dev");
        assert_eq!(
            spec.environment["AWS_EXECUTION_ENV"],
            "AWS_Lambda_python3.12"
        );
        assert!(!spec.environment.contains_key("AWS_LAMBDA_LOG_FORMAT"));
        assert_eq!(
            spec.templated["AWS_LAMBDA_LOG_STREAM_NAME"],
            "{date}/[$LATEST]{sandbox}"
        );
    }

    #[test]
    fn clients_in_a_function_call_the_server_where_its_network_leads_there() {
        let (mut version, endpoint) = (version(), Some("http://169.254.128.1:7440"));
        let name = "AWS_ENDPOINT_URL_LAMBDA";
        let spec = sandbox_spec(&version, endpoint).unwrap();
        assert_eq!(spec.environment.get(name).map(String::as_str), endpoint);
        version
            .configuration
            .environment
            .insert(name.into(), "http://elsewhere".into());
        let spec = sandbox_spec(&version, endpoint).unwrap();
        assert_eq!(spec.environment[name], "http://elsewhere");
        version.configuration.environment.clear();
        version.network = NetworkMode::None;
        let spec = sandbox_spec(&version, endpoint).unwrap();
        assert!(!spec.environment.contains_key(name));
    }

    #[test]
    fn json_logging_is_told_to_the_runtime() {
        let mut version = version();
        version.configuration.log_format = LogFormat::Json;
        version.configuration.application_log_level = Some("WARN".into());
        let spec = sandbox_spec(&version, None).unwrap();
        assert!(spec.json_logs);
        assert_eq!(spec.environment["AWS_LAMBDA_LOG_FORMAT"], "JSON");
        assert_eq!(spec.environment["AWS_LAMBDA_LOG_LEVEL"], "WARN");
    }

    #[test]
    fn another_runtime_is_refused() {
        let mut version = version();
        version.configuration.runtime = "nodejs22.x".into();
        assert!(sandbox_spec(&version, None).is_err());
    }
}
