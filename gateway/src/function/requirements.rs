//! Resolves a package's requirements into content-addressed folders, from wheels only, by uv or else pip on the host.
//!
//! A folder appears under its name complete or not at all; functions with the same set share it. Wheels are unpacked, never run: no
//! code of a package runs on the host. Only plain requirements are taken: an option or a path could read the host's files.
//! <https://pip.pypa.io/en/stable/reference/requirements-file-format/>

use std::collections::HashMap;
use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use invoker::Interpreter;
use sha2::{Digest as _, Sha256};
use tokio::process::Command;
use tokio::sync::{Mutex as Turn, Semaphore};

/// How long a resolver may take.
const RESOLVE_LIMIT: Duration = Duration::from_secs(300);
/// How long a resolver may take to say that it is there.
const PROBE_LIMIT: Duration = Duration::from_secs(20);
/// Resolvers that run at the same time.
const RESOLVERS_AT_ONCE: usize = 2;
/// Requirements of a set at most.
const MAX_REQUIREMENTS: usize = 1_000;
/// The most of a resolver's words that is passed on, characters.
const MAX_REASON_CHARS: usize = 2_000;
const INCOMING: &str = "incoming";

/// Why requirements could not be resolved.
#[derive(Debug, thiserror::Error)]
pub enum RequirementsError {
    /// The resolver said no, or the text is nothing that it should see; in its own words.
    #[error("{0}")]
    Resolver(String),
    /// Neither uv nor pip is on the host, or the folder cannot be written.
    #[error("{0}")]
    Host(String),
}

/// Resolved sets of requirements, one folder for each, shared by all functions with the same set.
pub struct Requirements {
    folder: PathBuf,
    turns: Mutex<HashMap<String, Arc<Turn<()>>>>,
    running: Semaphore,
}

impl Requirements {
    /// Keeps them under `folder`, which is made when it is first needed.
    pub fn new(folder: PathBuf) -> Self {
        // What a killed server left half-made.
        let _ = std::fs::remove_dir_all(folder.join(INCOMING));
        Self {
            folder,
            turns: Mutex::default(),
            running: Semaphore::new(RESOLVERS_AT_ONCE),
        }
    }

    /// The folder that holds what `requirements` (the text of a `requirements.txt`) asks for, resolved when it is not there yet.
    ///
    /// # Errors
    /// The resolver's own reason.
    pub async fn resolve(
        &self,
        interpreter: &Interpreter,
        requirements: &str,
    ) -> Result<PathBuf, RequirementsError> {
        let wanted = plain_requirements(requirements)?;
        let key = key_of(interpreter, &wanted);
        let place = self.folder.join(&key);
        let turn = self.turn(&key);
        let _mine = turn.lock().await;
        let resolved = if place.is_dir() {
            Ok(place)
        } else {
            self.fill(interpreter, &wanted, place).await
        };
        self.leave(&key, &turn);
        resolved
    }

    /// The same set is resolved once, however many ask for it at the same time.
    fn turn(&self, key: &str) -> Arc<Turn<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(turns.entry(key.to_owned()).or_default())
    }

    fn leave(&self, key: &str, turn: &Arc<Turn<()>>) {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        // The map's and this caller's own: nobody else waits.
        if Arc::strong_count(turn) <= 2 {
            turns.remove(key);
        }
    }

    async fn fill(
        &self,
        interpreter: &Interpreter,
        wanted: &[String],
        place: PathBuf,
    ) -> Result<PathBuf, RequirementsError> {
        let _room = self.running.acquire().await;
        let incoming = self.folder.join(INCOMING);
        let failed = |error: std::io::Error| {
            RequirementsError::Host(format!("write to {}: {error}", self.folder.display()))
        };
        std::fs::create_dir_all(&incoming).map_err(failed)?;
        let work = tempfile::tempdir_in(&incoming).map_err(failed)?;
        let (list, target) = (
            work.path().join("requirements.txt"),
            work.path().join("site"),
        );
        std::fs::write(&list, wanted.join("\n") + "\n").map_err(failed)?;
        std::fs::create_dir(&target).map_err(failed)?;
        // Functions run as another user.
        let readable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&target, readable).map_err(failed)?;
        run_resolver(interpreter, &list, &target).await?;
        std::fs::rename(&target, &place).map_err(failed)?;
        Ok(place)
    }
}

/// The requirements of a text, one each, without comments.
fn plain_requirements(text: &str) -> Result<Vec<String>, RequirementsError> {
    let mut wanted = Vec::new();
    for line in text.lines() {
        let line = line.split(" #").next().unwrap_or_default().trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let is_plain = line.starts_with(|c: char| c.is_ascii_alphanumeric())
            && !line.contains(['/', '\\', '@'])
            && !line.contains(" -");
        if !is_plain {
            return Err(RequirementsError::Resolver(format!(
                "requirements.txt: '{line}' is not a plain requirement such as 'idna==3.10': options, paths and addresses are not taken"
            )));
        }
        wanted.push(line.to_owned());
    }
    if wanted.len() > MAX_REQUIREMENTS {
        return Err(RequirementsError::Resolver(format!(
            "requirements.txt: more than {MAX_REQUIREMENTS} requirements"
        )));
    }
    Ok(wanted)
}

fn key_of(interpreter: &Interpreter, wanted: &[String]) -> String {
    let platform = std::env::consts::ARCH;
    let text = format!("{} {platform}\n{}", interpreter.version, wanted.join("\n"));
    let mut key = String::new();
    for byte in Sha256::digest(text).iter() {
        write!(key, "{byte:02x}").expect("writing to a string cannot fail");
    }
    key
}

/// Runs the first resolver that the host has.
async fn run_resolver(
    interpreter: &Interpreter,
    list: &Path,
    target: &Path,
) -> Result<(), RequirementsError> {
    for resolver in resolvers(interpreter) {
        if !resolver.is_there().await {
            continue;
        }
        let mut install = resolver.install(list, target);
        let output = match tokio::time::timeout(RESOLVE_LIMIT, install.output()).await {
            Err(_) => {
                return Err(RequirementsError::Resolver(format!(
                    "{} took longer than {} s",
                    resolver.name,
                    RESOLVE_LIMIT.as_secs()
                )));
            }
            Ok(Err(error)) => {
                return Err(RequirementsError::Host(format!(
                    "run {}: {error}",
                    resolver.name
                )));
            }
            Ok(Ok(output)) => output,
        };
        return if output.status.success() {
            Ok(())
        } else {
            Err(RequirementsError::Resolver(reason(&output)))
        };
    }
    Err(RequirementsError::Host(format!(
        "neither uv nor pip is on this host: install one of them, for example with `{} -m ensurepip`",
        interpreter.executable.display()
    )))
}

/// A program that resolves requirements.
struct Resolver {
    name: &'static str,
    program: PathBuf,
    /// Before `install` or `--version`.
    arguments: Vec<String>,
    /// Behind `install`.
    options: Vec<String>,
}

/// In the order of preference: uv, the interpreter's own pip, another interpreter's.
fn resolvers(interpreter: &Interpreter) -> [Resolver; 3] {
    let executable = interpreter.executable.display().to_string();
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let resolver = |name, program: &Path, arguments, options| Resolver {
        name,
        program: program.to_owned(),
        arguments,
        options,
    };
    let pip_options = &["--disable-pip-version-check", "--no-input", "--quiet"];
    let uv = resolver(
        "uv",
        Path::new("uv"),
        texts(&["pip"]),
        texts(&["--quiet", "--compile-bytecode", "--python", &executable]),
    );
    let own = resolver(
        "pip",
        &interpreter.executable,
        texts(&["-m", "pip"]),
        texts(pip_options),
    );
    let other = resolver(
        "pip",
        Path::new("python3"),
        texts(&["-m", "pip", "--python", &executable]),
        texts(pip_options),
    );
    [uv, own, other]
}

impl Resolver {
    fn base(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    async fn is_there(&self) -> bool {
        let mut probe = self.base();
        // uv's `pip` has no version of its own.
        let probe = probe
            .arg("--help")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        matches!(tokio::time::timeout(PROBE_LIMIT, probe.status()).await, Ok(Ok(status)) if status.success())
    }

    fn install(&self, list: &Path, target: &Path) -> Command {
        let mut command = self.base();
        command
            .arg("install")
            .args(&self.options)
            .args(["--only-binary", ":all:", "--target"])
            .arg(target)
            .arg("--requirement")
            .arg(list);
        command
    }
}

/// What a resolver said of its failure: its errors, or the end of it.
fn reason(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect();
    let errors: Vec<&str> = lines
        .iter()
        .filter_map(|line| line.strip_prefix("ERROR: "))
        .collect();
    let told = if errors.is_empty() {
        lines[lines.len().saturating_sub(8)..].join(" ")
    } else {
        errors.join(" ")
    };
    match told.is_empty() {
        true => format!("the resolver ended with {}", output.status),
        false => told.chars().take(MAX_REASON_CHARS).collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::ExitStatus;

    use invoker::PythonVersion;

    use super::*;

    fn interpreter() -> Interpreter {
        Interpreter {
            version: PythonVersion {
                major: 3,
                minor: 12,
            },
            full_version: "3.12.1".into(),
            executable: "/nowhere/python3.12".into(),
        }
    }

    #[test]
    fn only_plain_requirements_are_taken() {
        let wanted = plain_requirements(
            "# all\nidna==3.10  # why\n\nFlask[async]>=3,<4 ; python_version > '3.8'\n",
        );
        assert_eq!(
            wanted.unwrap(),
            ["idna==3.10", "Flask[async]>=3,<4 ; python_version > '3.8'"]
        );
        for line in [
            "-r /etc/shadow",
            "--index-url http://x",
            "./here",
            "/etc",
            "a @ file:///etc",
            "idna --hash=sha256:0",
        ] {
            assert!(plain_requirements(line).is_err(), "{line}");
        }
    }

    #[test]
    fn the_same_set_has_the_same_key() {
        let set = |text: &str| key_of(&interpreter(), &plain_requirements(text).unwrap());
        assert_eq!(set("idna\n"), set("# comment\nidna # other"));
        assert_ne!(set("idna"), set("idna==3"));
    }

    #[tokio::test]
    async fn a_set_that_is_there_is_not_resolved_again() {
        let folder = tempfile::tempdir().unwrap();
        let requirements = Requirements::new(folder.path().to_owned());
        let wanted = plain_requirements("idna").unwrap();
        let place = folder.path().join(key_of(&interpreter(), &wanted));
        std::fs::create_dir_all(&place).unwrap();
        let found = requirements.resolve(&interpreter(), "idna").await.unwrap();
        assert_eq!(found, place);
        assert!(requirements.turns.lock().unwrap().is_empty());
    }

    #[test]
    fn a_reason_is_the_resolvers_errors() {
        let output = |stderr: &str| Output {
            status: ExitStatus::from_raw(256),
            stdout: Vec::new(),
            stderr: stderr.as_bytes().to_vec(),
        };
        let pip = "WARNING: x\nERROR: Could not find a version that satisfies idna==0\nERROR: No matching distribution found for idna==0\n";
        assert_eq!(
            reason(&output(pip)),
            "Could not find a version that satisfies idna==0 No matching distribution found for idna==0"
        );
        assert_eq!(reason(&output("  x No solution\n")), "  x No solution");
        assert_eq!(
            reason(&output("")),
            "the resolver ended with exit status: 1"
        );
    }
}
