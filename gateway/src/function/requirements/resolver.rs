//! The host's resolver: uv, the interpreter's own pip, or any other pip. Told to take wheels only, and made to tell its reason shortly.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use invoker::Interpreter;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;
use tokio::time::timeout;

use super::RequirementsError;

/// How long one set may take.
const RESOLVE_LIMIT: Duration = Duration::from_secs(300);
/// How long a question to the host's tools may take.
const ANSWER_LIMIT: Duration = Duration::from_secs(20);
/// Bytes kept of what a resolver says.
const MAX_WORDS_BYTES: usize = 256 * 1024;
/// Bytes of it that are passed on.
const MAX_REASON_BYTES: usize = 2_000;
/// Variables that the resolver may see, so that `${…}` in requirements reads no secret of the server.
const VARIABLES: &[&str] = &[
    "PATH",
    "HOME",
    "LANG",
    "TMPDIR",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
];
/// And those whose names begin or end so.
const VARIABLE_PREFIXES: &[&str] = &["PIP_", "UV_", "XDG_"];
const VARIABLE_SUFFIX: &str = "_PROXY";

/// The command that installs what `file` asks for into `site`, by `uv` if there is one.
pub(super) async fn command_for(
    uv: Option<&Path>,
    interpreter: &Interpreter,
    site: &Path,
    file: &Path,
) -> Result<Command, RequirementsError> {
    let executable = &interpreter.executable;
    if let Some(uv) = uv {
        let mut command = command(uv);
        command.args([
            "pip",
            "install",
            "--only-binary",
            ":all:",
            "--compile-bytecode",
        ]);
        command
            .args(["--no-progress", "--color", "never", "--python"])
            .arg(executable);
        command.arg("--target").arg(site).arg("-r").arg(file);
        return Ok(command);
    }
    let own: [OsString; 3] = ["-I".into(), "-m".into(), "pip".into()];
    let mut pip = if answers(executable, &own).await {
        let mut command = command(executable);
        command.args(own);
        command
    } else {
        let other: [OsString; 4] = [
            "-m".into(),
            "pip".into(),
            "--python".into(),
            executable.into(),
        ];
        let python = Path::new("python3");
        if !answers(python, &other).await {
            return Err(RequirementsError::Host(format!(
                "no resolver on this host: install uv, or pip for {}",
                executable.display()
            )));
        }
        let mut command = command(python);
        command.args(other);
        command
    };
    pip.args([
        "install",
        "--only-binary=:all:",
        "--no-input",
        "--disable-pip-version-check",
    ]);
    pip.arg("--target").arg(site).arg("-r").arg(file);
    Ok(pip)
}

pub(super) fn find_uv() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let home = dirs::home_dir();
    let installed = home
        .iter()
        .flat_map(|home| [".local/bin", ".cargo/bin"].map(|below| home.join(below)));
    let mut places = std::env::split_paths(&path)
        .chain(installed)
        .map(|folder| folder.join("uv"));
    places.find(|uv| {
        uv.metadata()
            .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
    })
}

/// A command that sees only what a resolver needs.
fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    // Unknown to an old pip as options, but not as variables; the user's own come after.
    command
        .env("PIP_RETRIES", "1")
        .env("PIP_ROOT_USER_ACTION", "ignore")
        .env("PIP_NO_COLOR", "1");
    command.envs(std::env::vars_os().filter(|(name, _)| {
        let name = name.to_string_lossy().to_ascii_uppercase();
        VARIABLES.contains(&name.as_str())
            || VARIABLE_PREFIXES
                .iter()
                .any(|prefix| name.starts_with(prefix))
            || name.ends_with(VARIABLE_SUFFIX)
    }));
    command
}

async fn answers(program: &Path, arguments: &[OsString]) -> bool {
    let status = command(program).args(arguments).arg("--version").status();
    timeout(ANSWER_LIMIT, status)
        .await
        .is_ok_and(|status| status.is_ok_and(|status| status.success()))
}

pub(super) async fn run(mut command: Command, folder: &Path) -> Result<(), RequirementsError> {
    let broken =
        |error: std::io::Error| RequirementsError::Host(format!("run the resolver: {error}"));
    let mut child = command
        .current_dir(folder)
        .stderr(Stdio::piped())
        .spawn()
        .map_err(broken)?;
    let errors = child.stderr.take();
    let work = async {
        let words = match errors {
            Some(stream) => read_words(stream).await,
            None => Vec::new(),
        };
        child.wait().await.map(|status| (status, words))
    };
    let (status, words) = timeout(RESOLVE_LIMIT, work)
        .await
        .map_err(|_| {
            let limit = RESOLVE_LIMIT.as_secs();
            RequirementsError::Resolver(format!(
                "resolving the requirements took longer than {limit} s"
            ))
        })?
        .map_err(broken)?;
    if status.success() {
        return Ok(());
    }
    Err(RequirementsError::Resolver(reason(
        &String::from_utf8_lossy(&words),
    )))
}

/// Reads to the end; keeps the first part.
async fn read_words(mut stream: impl AsyncRead + Unpin) -> Vec<u8> {
    let (mut kept, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        let room = MAX_WORDS_BYTES - kept.len();
        kept.extend_from_slice(&buffer[..count.min(room)]);
    }
    kept
}

/// What matters of a resolver's words: pip's `ERROR:` lines, or all that uv says, without its drawing.
fn reason(words: &str) -> String {
    let errors: Vec<&str> = words
        .lines()
        .filter_map(|line| line.trim().strip_prefix("ERROR:"))
        .collect();
    let matter: Vec<&str> = if errors.is_empty() {
        let said = words.lines().filter(|line| !line.starts_with("Using "));
        said.map(|line| line.strip_prefix("error: ").unwrap_or(line))
            .collect()
    } else {
        errors
    };
    let drawing = |character: char| matches!(character, '×' | '╰' | '├' | '─' | '▶' | '│');
    let text = matter.join(" ").replace(drawing, " ");
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.len() > MAX_REASON_BYTES {
        text.truncate(text.floor_char_boundary(MAX_REASON_BYTES));
        text.push('…');
    }
    if text.is_empty() {
        "the resolver failed without a word".clone_into(&mut text);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_condensed() {
        let pip = "WARNING: x\nERROR: Could not find a version that satisfies the requirement idna==0.0.0.1\nERROR: No matching distribution found\n[notice] x";
        insta::assert_snapshot!(reason(pip), @"Could not find a version that satisfies the requirement idna==0.0.0.1 No matching distribution found");
        let uv = "Using CPython 3.9.18 interpreter at: /x\nerror: No solution found when resolving dependencies\n  ╰─▶ cause: Because there is no version of idna==0.0.0.1\n      and you require it";
        insta::assert_snapshot!(reason(uv), @"No solution found when resolving dependencies cause: Because there is no version of idna==0.0.0.1 and you require it");
        assert!(reason(&"é".repeat(5_000)).len() < MAX_REASON_BYTES + 10);
    }
}
