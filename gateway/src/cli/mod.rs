//! The command line: which sub-command, with which options. One file per sub-command; `hearth` alone is `hearth up`.

mod doctor;
mod up;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{Config, ConfigError, Options};
use crate::host;

/// Exit code of a command line or configuration that cannot be, as clap's own.
const USAGE_ERROR: u8 = 2;

/// A Lambda of one's own: speaks the AWS Lambda API and runs Python functions in sandboxes, with no Docker and no account.
#[derive(Debug, Parser)]
#[command(name = "hearth", version, args_conflicts_with_subcommands = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    up: Settings,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve (what `hearth` alone does)
    Up(Settings),
    /// Say what this host gives to functions, and how to get what is missing
    Doctor(Settings),
}

#[derive(Clone, Debug, Args)]
struct Settings {
    /// TOML file with any of the options below, named as here without the dashes in front
    #[arg(long, env = "HEARTH_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

impl Settings {
    fn resolve(self) -> Result<Config, ConfigError> {
        let file = match &self.config {
            Some(path) => Options::from_file(path)?,
            None => Options::default(),
        };
        Config::resolve(self.options.or(file), host::memory_mib())
    }
}

/// Runs what the command line says; answers the process's exit code.
pub fn run() -> ExitCode {
    let command_line = CommandLine::parse();
    let command = command_line.command.unwrap_or(Command::Up(command_line.up));
    let (settings, is_doctor) = match command {
        Command::Up(settings) => (settings, false),
        Command::Doctor(settings) => (settings, true),
    };
    let config = match settings.resolve() {
        Ok(config) => config,
        Err(error) => {
            eprintln!("hearth: {error}");
            return ExitCode::from(USAGE_ERROR);
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("hearth: start the runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    let done = if is_doctor {
        runtime.block_on(doctor::run(config))
    } else {
        runtime.block_on(up::run(config))
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hearth: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alone_and_up_are_the_same() {
        use clap::CommandFactory as _;
        CommandLine::command().debug_assert();
        let alone = CommandLine::try_parse_from(["hearth", "--drain-seconds", "7"]).unwrap();
        assert!(alone.command.is_none());
        assert_eq!(alone.up.options.drain_seconds, Some(7));
        let up = CommandLine::try_parse_from(["hearth", "up", "--insecure"]).unwrap();
        let Some(Command::Up(settings)) = up.command else {
            panic!("{up:?}")
        };
        assert_eq!(settings.options.insecure, Some(true));
    }

    #[test]
    fn a_wrong_value_is_named_with_what_is_right() {
        let error = CommandLine::try_parse_from(["hearth", "--listen", "7440"]).unwrap_err();
        let message = error.to_string();
        for part in ["--listen", "'7440'", "such as 127.0.0.1:7440"] {
            assert!(message.contains(part), "{message}");
        }
    }
}
