//! Runtime identifiers: which exist, which AWS has retired, and which Python of the host runs one. Pure.
//! <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html>

use invoker::{Interpreter, PythonVersion};
use sha2::{Digest as _, Sha256};

use super::FunctionError;

/// What CreateFunction takes, in the order of AWS's own message.
const SUPPORTED: [&str; 26] = [
    "nodejs20.x",
    "python3.14",
    "provided.al2023",
    "python3.12",
    "python3.13",
    "nodejs24.x",
    "nodejs22.x",
    "java25",
    "python3.10",
    "python3.11",
    "java21",
    "ruby3.3",
    "ruby3.4",
    "ruby3.2",
    "python3.8",
    "python3.9",
    "java17",
    "nodejs16.x",
    "dotnet8",
    "dotnet10",
    "ruby4.0",
    "provided.al2",
    "java11",
    "java8.al2",
    "nodejs18.x",
    "dotnet6",
];

/// What it took once.
const RETIRED: [&str; 20] = [
    "dotnetcore1.0",
    "dotnetcore2.0",
    "dotnetcore2.1",
    "dotnetcore3.1",
    "go1.x",
    "java8",
    "nodejs",
    "nodejs10.x",
    "nodejs12.x",
    "nodejs14.x",
    "nodejs4.3",
    "nodejs4.3-edge",
    "nodejs6.10",
    "nodejs8.10",
    "provided",
    "python2.7",
    "python3.6",
    "python3.7",
    "ruby2.5",
    "ruby2.7",
];

/// Holds a runtime of a request against those that AWS takes.
///
/// # Errors
/// Retired, or never was.
pub fn check(runtime: &str) -> Result<(), FunctionError> {
    if SUPPORTED.contains(&runtime) {
        return Ok(());
    }
    Err(FunctionError::Invalid(if RETIRED.contains(&runtime) {
        format!(
            "The runtime parameter of {runtime} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions."
        )
    } else {
        let known = SUPPORTED.join(", ");
        format!(
            "Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [{known}] or be a valid ARN"
        )
    }))
}

/// The Python that a runtime stands for.
pub fn python(runtime: &str) -> Option<PythonVersion> {
    runtime.strip_prefix("python")?.parse().ok()
}

/// The interpreter of the host that runs `runtime`.
///
/// # Errors
/// Why there is none, and how to add it, for the user to read.
pub fn interpreter<'a>(runtime: &str, host: &'a [Interpreter]) -> Result<&'a Interpreter, String> {
    let Some(version) = python(runtime) else {
        return Err(format!(
            "hearth does not run {runtime}: it runs Python functions. Choose one of the runtimes that this host has: {}.",
            names(host)
        ));
    };
    let found = host
        .iter()
        .find(|interpreter| interpreter.version == version);
    found.ok_or_else(|| {
        format!(
            "{runtime} is not on this host, which has: {}. Install Python {version} (`uv python install {version}`, `pyenv install {version}`, or your distribution's package) or name its executable in HEARTH_PYTHON, and start hearth again.",
            names(host)
        )
    })
}

fn names(host: &[Interpreter]) -> String {
    if host.is_empty() {
        return "none".to_owned();
    }
    let name = |interpreter: &Interpreter| format!("python{}", interpreter.version);
    host.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// `RuntimeVersionConfig.RuntimeVersionArn`: the same for the same runtime, as opaque as AWS's.
pub fn version_arn(region: &str, runtime: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(runtime.as_bytes()).into();
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("arn:aws:lambda:{region}::runtime:{digest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(minors: &[u8]) -> Vec<Interpreter> {
        let found = |minor: &u8| Interpreter {
            version: PythonVersion {
                major: 3,
                minor: *minor,
            },
            full_version: format!("3.{minor}.1"),
            executable: "/usr/bin/python3".into(),
        };
        minors.iter().map(found).collect()
    }

    #[test]
    fn retired_and_unknown_runtimes_are_refused_in_awss_words() {
        assert!(check("python3.12").is_ok());
        let message = |runtime| check(runtime).unwrap_err().to_string();
        assert!(message("go1.x").starts_with("The runtime parameter of go1.x is no longer"));
        assert!(message("PYTHON3.9").starts_with(
            "Value PYTHON3.9 at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [nodejs20.x, python3.14, "
        ));
    }

    #[test]
    fn a_missing_interpreter_is_told_with_a_way_out() {
        let host = host(&[11, 13]);
        assert_eq!(
            interpreter("python3.13", &host).unwrap().full_version,
            "3.13.1"
        );
        let missing = interpreter("python3.9", &host).unwrap_err();
        assert!(
            missing.contains("python3.11, python3.13") && missing.contains("pyenv install 3.9")
        );
        assert!(
            interpreter("nodejs22.x", &host)
                .unwrap_err()
                .contains("nodejs22.x")
        );
        assert!(interpreter("python3.9", &[]).unwrap_err().contains("none"));
    }
}
