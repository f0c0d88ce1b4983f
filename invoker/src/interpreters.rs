//! Finds the CPythons of the host.
//!
//! Candidates are gathered by name, which tells their version without running them, and the first of each version is asked whether it is
//! what it is called. Scripts (the shims of version managers) are passed over: they are no interpreters, and slow.

use std::env;
use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::process::Command;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::{Interpreter, PythonVersion};

/// The minor versions of Python 3 that are looked for: what the zygote's extension loads in.
pub const PYTHON_MINORS: std::ops::RangeInclusive<u8> = 9..=14;
/// How long an interpreter may take to tell its version.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);
/// How many are asked at the same time.
const CONCURRENT_QUESTIONS: usize = 4;
/// How many candidates of a version are asked at most.
const MAX_CANDIDATES: usize = 8;
/// How many folders of a version manager are looked into at most.
const MAX_FOLDERS: usize = 256;
const QUESTION: &str =
    "import sys; print(sys.implementation.name, '.'.join(map(str, sys.version_info[:3])))";

/// Finds `python3.9` … `python3.14`: first the `configured` executables, then `PATH`, Debian's, pyenv's and uv's folders. One per
/// version, the first found that answers; ordered by version.
pub async fn discover(configured: &[PathBuf]) -> Vec<Interpreter> {
    let places = Arc::new(Semaphore::new(CONCURRENT_QUESTIONS));
    let mut found: Vec<Interpreter> = Vec::new();
    // Their names tell nothing.
    let mut answers = JoinSet::new();
    for (order, path) in configured.iter().enumerate() {
        let (path, places) = (path.clone(), Arc::clone(&places));
        answers.spawn(async move { (order, ask(&path, &places).await, path) });
    }
    let mut answers = answers.join_all().await;
    answers.sort_by_key(|(order, ..)| *order);
    for (_, answer, path) in answers {
        match answer {
            Some(interpreter) => keep(&mut found, interpreter),
            None => {
                let path = path.display();
                tracing::warn!(%path, "the configured interpreter is no CPython from 3.9 to 3.14");
            }
        }
    }
    let folders = folders();
    let mut answers = JoinSet::new();
    for minor in PYTHON_MINORS {
        let version = PythonVersion { major: 3, minor };
        if found.iter().any(|known| known.version == version) {
            continue;
        }
        let (candidates, places) = (candidates(&folders, version), Arc::clone(&places));
        answers.spawn(async move {
            for path in candidates {
                if let Some(interpreter) = ask(&path, &places).await
                    && interpreter.version == version
                {
                    return Some(interpreter);
                }
            }
            None
        });
    }
    for interpreter in answers.join_all().await.into_iter().flatten() {
        keep(&mut found, interpreter);
    }
    found.sort_by_key(|interpreter| interpreter.version);
    found
}

fn keep(found: &mut Vec<Interpreter>, interpreter: Interpreter) {
    let known = found
        .iter()
        .any(|known| known.version == interpreter.version);
    if !known {
        found.push(interpreter);
    }
}

/// Where interpreters are, the preferred first.
fn folders() -> Vec<PathBuf> {
    let variable = |name| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let home = variable("HOME");
    let below_home = |path: &str| home.as_ref().map(|home| home.join(path));
    let mut folders: Vec<PathBuf> =
        env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    folders.push("/usr/bin".into());
    folders.push("/usr/local/bin".into());
    let managed = [
        variable("PYENV_ROOT")
            .or_else(|| below_home(".pyenv"))
            .map(|root| root.join("versions")),
        variable("UV_PYTHON_INSTALL_DIR").or_else(|| {
            variable("XDG_DATA_HOME")
                .or_else(|| below_home(".local/share"))
                .map(|data| data.join("uv/python"))
        }),
    ];
    for root in managed.into_iter().flatten() {
        let mut versions: Vec<PathBuf> = fs::read_dir(root)
            .into_iter()
            .flatten()
            .flatten()
            .take(MAX_FOLDERS)
            .map(|entry| entry.path())
            .collect();
        versions.sort_by_key(|path| std::cmp::Reverse(numbers(path)));
        folders.extend(versions.into_iter().map(|version| version.join("bin")));
    }
    folders.retain(|folder| folder.is_absolute());
    folders
}

/// The numbers in a folder's name, so that 3.11.10 comes after 3.11.9.
fn numbers(path: &Path) -> Vec<u64> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.split(|character: char| !character.is_ascii_digit())
        .filter_map(|number| number.parse().ok())
        .collect()
}

/// Executables that are called `version`, without those that are the same file.
fn candidates(folders: &[PathBuf], version: PythonVersion) -> Vec<PathBuf> {
    let name = format!("python{version}");
    let mut found: Vec<PathBuf> = Vec::new();
    for folder in folders {
        if let Some(path) = executable(&folder.join(&name))
            && !found.contains(&path)
        {
            found.push(path);
        }
        if found.len() == MAX_CANDIDATES {
            break;
        }
    }
    found
}

/// The file that `path` leads to, when it is a program and no script.
fn executable(path: &Path) -> Option<PathBuf> {
    let path = path.canonicalize().ok()?;
    let metadata = path.metadata().ok()?;
    if !metadata.is_file() || metadata.permissions().mode() & 0o111 == 0 {
        return None;
    }
    let mut start = [0; 2];
    fs::File::open(&path).ok()?.read_exact(&mut start).ok()?;
    (&start != b"#!").then_some(path)
}

/// Asks an executable for its version.
async fn ask(path: &Path, places: &Semaphore) -> Option<Interpreter> {
    let executable = executable(path)?;
    let _place = places.acquire().await.ok()?;
    let answer = Command::new(&executable)
        .args(["-I", "-S", "-c", QUESTION])
        .env_clear()
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = timeout(ANSWER_LIMIT, answer).await.ok()?.ok()?;
    let (version, full_version) = read_answer(&output.stdout)?;
    Some(Interpreter {
        version,
        full_version,
        executable,
    })
}

fn read_answer(output: &[u8]) -> Option<(PythonVersion, String)> {
    let text = std::str::from_utf8(output).ok()?;
    let full_version = text.trim_end().strip_prefix("cpython ")?;
    let (version, _) = full_version.rsplit_once('.')?;
    let version: PythonVersion = version.parse().ok()?;
    let known = version.major == 3 && PYTHON_MINORS.contains(&version.minor);
    known.then(|| (version, full_version.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_strictly() {
        let version = PythonVersion {
            major: 3,
            minor: 11,
        };
        assert_eq!(
            read_answer(b"cpython 3.11.7\n"),
            Some((version, "3.11.7".to_owned()))
        );
        for other in [
            "pypy 3.11.7",
            "cpython 3.8.18",
            "cpython 3",
            "",
            "cpython 4.11.1",
        ] {
            assert_eq!(read_answer(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn versions_sort_as_numbers() {
        assert!(numbers(Path::new("/v/3.11.10")) > numbers(Path::new("/v/3.11.9")));
    }

    #[test]
    fn scripts_are_no_interpreters() {
        let folder = tempfile::tempdir().expect("folder");
        let shim = folder.path().join("python3.12");
        fs::write(&shim, "#!/bin/sh\n").expect("write");
        fs::set_permissions(&shim, fs::Permissions::from_mode(0o755)).expect("own file");
        assert_eq!(executable(&shim), None);
        assert_eq!(
            executable(Path::new("/bin/sh")),
            Path::new("/bin/sh").canonicalize().ok()
        );
    }

    #[tokio::test]
    async fn configured_ones_come_first_and_versions_are_distinct() {
        let found = discover(&[]).await;
        assert!(!found.is_empty(), "no Python 3.9 or later on this host");
        assert!(found.is_sorted_by(|one, next| one.version < next.version));
        let last = found.last().expect("not empty").executable.clone();
        let again = discover(&[last, "/nowhere/python3.12".into()]).await;
        assert_eq!(again, found);
    }
}
