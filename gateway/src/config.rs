//! Every knob: its meaning, unit, default, and its one name on the command line (`--keep-alive-seconds`), in the environment
//! (`HEARTH_KEEP_ALIVE_SECONDS`) and in the TOML file (`keep-alive-seconds`).
//!
//! The command line wins over the environment, the environment over the file. [`Config::resolve`] holds all of it to its ranges before
//! anything is opened.

use std::fmt::Display;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;
use invoker::network::Ipv4Net;
use invoker::{NetworkSettings, RestrictionName};
use serde::Deserialize;

/// What may be set; all of it may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Options {
    /// Address and port to listen on; port 0 takes a free one [default: 127.0.0.1:7440]
    #[arg(long, env = "HEARTH_LISTEN", value_name = "ADDRESS:PORT", value_parser = socket_address)]
    pub listen: Option<SocketAddr>,
    /// Folder that holds everything hearth keeps [default: hearth in the user's data folder]
    #[arg(long, env = "HEARTH_DATA", value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// Listen beyond loopback although signatures are not verified: whoever reaches the port runs code
    #[arg(long, env = "HEARTH_INSECURE", num_args = 0..=1, default_missing_value = "true", value_name = "true|false")]
    pub insecure: Option<bool>,
    /// Names, beside addresses and localhost, by which clients may call the endpoint
    #[arg(
        long,
        env = "HEARTH_HOST_NAME",
        value_delimiter = ',',
        value_name = "NAME"
    )]
    pub host_name: Option<Vec<String>>,
    /// Region of requests that are not signed [default: us-east-1]
    #[arg(long, env = "HEARTH_REGION", value_name = "REGION")]
    pub region: Option<String>,
    /// Python interpreters to use before those that are found
    #[arg(
        long,
        env = "HEARTH_PYTHON",
        value_delimiter = ':',
        value_name = "EXECUTABLE"
    )]
    pub python: Option<Vec<PathBuf>>,
    /// Whether to start when the host cannot confine functions [default: required beyond loopback, else best-effort]
    #[arg(long, env = "HEARTH_ISOLATION", value_enum)]
    pub isolation: Option<Isolation>,
    /// Leave restrictions out of every sandbox: for tests, and for people who look for what blocks a function
    #[arg(
        long,
        env = "HEARTH_WITHOUT",
        value_delimiter = ',',
        value_name = "RESTRICTION"
    )]
    pub without: Option<Vec<RestrictionName>>,
    /// Private networks that functions reach all the same, such as 10.1.0.0/16
    #[arg(
        long,
        env = "HEARTH_NETWORK_ALLOW",
        value_delimiter = ',',
        value_name = "CIDR"
    )]
    pub network_allow: Option<Vec<Ipv4Net>>,
    /// Sum of the memory limits of all sandboxes, busy and idle, MiB [default: three quarters of the host's memory]
    #[arg(long, env = "HEARTH_MEMORY_MIB", value_name = "MIB")]
    pub memory_mib: Option<u64>,
    /// How long an idle sandbox stays [default: 600]
    #[arg(long, env = "HEARTH_KEEP_ALIVE_SECONDS", value_name = "SECONDS")]
    pub keep_alive_seconds: Option<u64>,
    /// How many invocations an account may run in a region at the same time [default: 1000]
    #[arg(long, env = "HEARTH_ACCOUNT_CONCURRENCY", value_name = "COUNT")]
    pub account_concurrency: Option<u64>,
    /// How long a failed asynchronous event waits for its first retry; the second waits twice as long [default: 60000]
    #[arg(long, env = "HEARTH_ASYNC_RETRY_DELAY_MS", value_name = "MILLISECONDS")]
    pub async_retry_delay_ms: Option<u64>,
    /// How long a stop waits for running invocations [default: 30]
    #[arg(long, env = "HEARTH_DRAIN_SECONDS", value_name = "SECONDS")]
    pub drain_seconds: Option<u64>,
    /// What is logged on standard error: a level, or filters such as hearth=debug,hyper=warn [default: info]
    #[arg(long, env = "HEARTH_LOG", value_name = "FILTER")]
    pub log: Option<String>,
}

/// Whether functions may run when the host cannot confine them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Isolation {
    /// Refuse to start when a restriction is missing.
    Required,
    /// Start, and say what is missing.
    BestEffort,
}

/// What is set, complete and within its ranges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The data folder.
    pub data: PathBuf,
    /// Further names of the endpoint.
    pub host_names: Vec<String>,
    /// Region of requests that name none.
    pub region: String,
    /// Interpreters that go first.
    pub python: Vec<PathBuf>,
    /// Whether functions may run unconfined.
    pub isolation: Isolation,
    /// What is left out of their confinement.
    pub without: Vec<RestrictionName>,
    /// Private networks that functions reach.
    pub network: NetworkSettings,
    /// Memory of all sandboxes, MiB.
    pub memory_mib: u64,
    /// How long an idle sandbox stays.
    pub keep_alive: Duration,
    /// Concurrency of an account in a region.
    pub account_concurrency: u32,
    /// Delay before an asynchronous event's first retry.
    pub async_retry_delay: Duration,
    /// How long a stop waits.
    pub drain: Duration,
    /// The log's filter.
    pub log: String,
}

/// A setting that cannot be.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A value outside of what is right.
    #[error("{option} is {value}, but {right}")]
    Value {
        /// The option's name.
        option: &'static str,
        /// Its value.
        value: String,
        /// What would be right.
        right: String,
    },
    /// The file cannot be read.
    #[error("configuration file {path}: {reason}")]
    File {
        /// The file.
        path: String,
        /// Why not.
        reason: String,
    },
}

impl ConfigError {
    fn value(option: &'static str, value: impl Display, right: impl Into<String>) -> Self {
        Self::Value {
            option,
            value: value.to_string(),
            right: right.into(),
        }
    }
}

impl Options {
    /// Reads a TOML file.
    ///
    /// # Errors
    /// The file cannot be read, or says something unknown.
    pub fn from_file(path: &Path) -> Result<Self, ConfigError> {
        let failed = |reason: String| ConfigError::File {
            path: path.display().to_string(),
            reason,
        };
        let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
        toml::from_str(&text).map_err(|error| failed(error.to_string()))
    }

    /// What is set here, and where it is not, what `other` says.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            listen: self.listen.or(other.listen),
            data: self.data.or(other.data),
            insecure: self.insecure.or(other.insecure),
            host_name: self.host_name.or(other.host_name),
            region: self.region.or(other.region),
            python: self.python.or(other.python),
            isolation: self.isolation.or(other.isolation),
            without: self.without.or(other.without),
            network_allow: self.network_allow.or(other.network_allow),
            memory_mib: self.memory_mib.or(other.memory_mib),
            keep_alive_seconds: self.keep_alive_seconds.or(other.keep_alive_seconds),
            account_concurrency: self.account_concurrency.or(other.account_concurrency),
            async_retry_delay_ms: self.async_retry_delay_ms.or(other.async_retry_delay_ms),
            drain_seconds: self.drain_seconds.or(other.drain_seconds),
            log: self.log.or(other.log),
        }
    }
}

impl Config {
    /// Fills in the defaults and holds everything to its ranges. `host_memory_mib` is what the host has.
    ///
    /// # Errors
    /// The first setting that cannot be, with what would be right.
    pub fn resolve(options: Options, host_memory_mib: u64) -> Result<Self, ConfigError> {
        let listen = options
            .listen
            .unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, 7440)));
        let is_local = listen.ip().is_loopback();
        if !is_local && options.insecure != Some(true) {
            let right = "signatures are not verified yet, so only loopback is safe: listen on 127.0.0.1, or add --insecure to let whoever \
                         reaches the port run code";
            return Err(ConfigError::value("--listen", listen, right));
        }
        let default_isolation = if is_local {
            Isolation::BestEffort
        } else {
            Isolation::Required
        };
        let data = match options.data.or_else(default_data) {
            Some(data) => data,
            None => {
                let right = "this user has no data folder: name one";
                return Err(ConfigError::value("--data", "not set", right));
            }
        };
        let default_memory_mib = (host_memory_mib / 4 * 3).max(128);
        let seconds = Duration::from_secs;
        Ok(Self {
            listen,
            data,
            host_names: options.host_name.unwrap_or_default(),
            region: region_name(options.region.unwrap_or_else(|| "us-east-1".to_owned()))?,
            python: executables(options.python.unwrap_or_default())?,
            isolation: options.isolation.unwrap_or(default_isolation),
            without: options.without.unwrap_or_default(),
            network: network(options.network_allow.unwrap_or_default())?,
            memory_mib: ranged(
                "--memory-mib",
                options.memory_mib,
                default_memory_mib,
                128..=1 << 24,
            )?,
            keep_alive: seconds(ranged(
                "--keep-alive-seconds",
                options.keep_alive_seconds,
                600,
                0..=86_400,
            )?),
            account_concurrency: u32::try_from(ranged(
                "--account-concurrency",
                options.account_concurrency,
                1_000,
                1..=100_000,
            )?)
            .expect("the range is within 32 bits"),
            async_retry_delay: Duration::from_millis(ranged(
                "--async-retry-delay-ms",
                options.async_retry_delay_ms,
                60_000,
                1..=3_600_000,
            )?),
            drain: seconds(ranged(
                "--drain-seconds",
                options.drain_seconds,
                30,
                0..=3_600,
            )?),
            log: log_filter(options.log.unwrap_or_else(|| "info".to_owned()))?,
        })
    }
}

fn network(allow: Vec<Ipv4Net>) -> Result<NetworkSettings, ConfigError> {
    let most = NetworkSettings::MOST_ALLOWED;
    if allow.len() > most {
        let right = format!("at most {most} networks can be allowed");
        return Err(ConfigError::value("--network-allow", allow.len(), right));
    }
    Ok(NetworkSettings { allow })
}

fn ranged(
    option: &'static str,
    given: Option<u64>,
    default: u64,
    range: RangeInclusive<u64>,
) -> Result<u64, ConfigError> {
    let value = given.unwrap_or(default);
    if range.contains(&value) {
        return Ok(value);
    }
    let right = format!("must be from {} to {}", range.start(), range.end());
    Err(ConfigError::value(option, value, right))
}

fn region_name(region: String) -> Result<String, ConfigError> {
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if (1..=32).contains(&region.len()) && region.chars().all(is_letter) {
        return Ok(region);
    }
    let right = "a region is up to 32 small letters, digits and hyphens, such as us-east-1";
    let value = format!("'{region}'");
    Err(ConfigError::value("--region", value, right))
}

fn default_data() -> Option<PathBuf> {
    dirs::data_dir().map(|folder| folder.join("hearth"))
}

fn executables(paths: Vec<PathBuf>) -> Result<Vec<PathBuf>, ConfigError> {
    match paths.iter().find(|path| !path.is_file()) {
        Some(path) => {
            let right = "it must be a Python executable, such as /usr/bin/python3.12";
            Err(ConfigError::value("--python", path.display(), right))
        }
        None => Ok(paths),
    }
}

fn log_filter(filter: String) -> Result<String, ConfigError> {
    match tracing_subscriber::EnvFilter::builder().parse(&filter) {
        Ok(_) => Ok(filter),
        Err(error) => {
            let right = format!("it must be a level or filters such as hearth=debug ({error})");
            Err(ConfigError::value("--log", format!("'{filter}'"), right))
        }
    }
}

fn socket_address(text: &str) -> Result<SocketAddr, String> {
    let numeric = match text.strip_prefix("localhost:") {
        Some(port) => format!("127.0.0.1:{port}"),
        None => text.to_owned(),
    };
    numeric
        .parse()
        .map_err(|_| "it must be an address and a port, such as 127.0.0.1:7440".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(options: Options) -> Result<Config, String> {
        let options = options.or(Options {
            data: Some("/data".into()),
            ..Options::default()
        });
        Config::resolve(options, 16_384).map_err(|error| error.to_string())
    }

    fn parsed(toml: &str) -> Options {
        toml::from_str(toml).unwrap()
    }

    #[test]
    fn everything_has_a_default() {
        let config = resolved(Options::default()).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:7440");
        assert_eq!(config.isolation, Isolation::BestEffort);
        assert_eq!(config.memory_mib, 12_288);
    }

    #[test]
    fn the_command_line_wins_over_the_file() {
        let file = parsed("keep-alive-seconds = 7\ndrain-seconds = 8\nisolation = \"required\"");
        let given = Options {
            keep_alive_seconds: Some(9),
            ..Options::default()
        };
        let config = resolved(given.or(file)).unwrap();
        assert_eq!(
            (config.keep_alive.as_secs(), config.drain.as_secs()),
            (9, 8)
        );
        assert_eq!(config.isolation, Isolation::Required);
    }

    #[test]
    fn a_setting_that_cannot_be_names_option_value_and_what_is_right() {
        let errors = [
            "listen = \"0.0.0.0:7440\"",
            "account-concurrency = 0",
            "region = \"Mars 1\"",
            "python = [\"/nowhere/python3\"]",
            "log = \"hearth=loud\"",
        ]
        .map(|toml| resolved(parsed(toml)).unwrap_err());
        insta::assert_snapshot!(errors.join("\n"), @r#"
        --listen is 0.0.0.0:7440, but signatures are not verified yet, so only loopback is safe: listen on 127.0.0.1, or add --insecure to let whoever reaches the port run code
        --account-concurrency is 0, but must be from 1 to 100000
        --region is 'Mars 1', but a region is up to 32 small letters, digits and hyphens, such as us-east-1
        --python is /nowhere/python3, but it must be a Python executable, such as /usr/bin/python3.12
        --log is 'hearth=loud', but it must be a level or filters such as hearth=debug (error parsing level filter: expected one of "off", "error", "warn", "info", "debug", "trace", or a number 0-5)
        "#);
        let open = resolved(parsed("listen = \"0.0.0.0:1\"\ninsecure = true")).unwrap();
        assert_eq!(open.isolation, Isolation::Required);
        assert!(toml::from_str::<Options>("keepalive = 1").is_err());
        assert!(socket_address("7440").is_err());
        assert!(socket_address("localhost:7440").is_ok());
    }
}
