//! Libraries that a function may import without shipping them, as on Lambda: boto3 and what comes with it, and the hooks of SnapStart.
//! <https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html#python-sdk-included>
//!
//! One folder for each runtime, attached to every sandbox and empty until a function first imports one of them. It is filled in place, so
//! that running sandboxes see it: each module appears whole, by one rename, after the modules that it needs.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use invoker::python::LibraryProvider;
use invoker::{Interpreter, PythonVersion};
use tokio::sync::Semaphore;

use super::requirements::Requirements;

/// What is resolved.
const REQUIREMENTS: &str = "boto3\nsnapshot-restore-py\n";
/// Its modules; each needs only such that come after it.
const MODULES: &[&str] = &[
    "boto3",
    "s3transfer",
    "botocore",
    "jmespath",
    "dateutil",
    "urllib3",
    "six",
    "snapshot_restore_py",
];
/// How long a failure is answered again without another attempt.
const FAILURE_KEPT: Duration = Duration::from_secs(60);
/// Where modules are laid out before they appear.
const STAGING: &str = ".staging";

/// Brings them to the sandboxes.
pub struct SharedLibraries {
    folder: PathBuf,
    runtimes: HashMap<PythonVersion, Runtime>,
    requirements: Arc<Requirements>,
}

struct Runtime {
    interpreter: Interpreter,
    /// One fills the folder at a time.
    turn: Semaphore,
    failure: Mutex<Option<(Instant, String)>>,
}

impl SharedLibraries {
    /// Makes the (empty) folders below `folder` for each interpreter; what fills them is resolved by `requirements`.
    ///
    /// # Errors
    /// A folder cannot be made.
    pub fn new(
        folder: PathBuf,
        interpreters: &[Interpreter],
        requirements: Arc<Requirements>,
    ) -> io::Result<Self> {
        let runtimes = interpreters.iter().map(|interpreter| {
            let runtime = Runtime {
                interpreter: interpreter.clone(),
                turn: Semaphore::new(1),
                failure: Mutex::default(),
            };
            (interpreter.version, runtime)
        });
        let libraries = Self {
            runtimes: runtimes.collect(),
            folder,
            requirements,
        };
        for runtime in libraries.runtimes.keys() {
            let folder = libraries.folder(*runtime);
            let _ = fs::remove_dir_all(folder.join(STAGING));
            fs::create_dir_all(&folder)?;
        }
        Ok(libraries)
    }

    async fn fill(&self, runtime: &Runtime, folder: PathBuf) -> Result<(), String> {
        let resolved = self
            .requirements
            .resolve(&runtime.interpreter, REQUIREMENTS)
            .await;
        let resolved = resolved.map_err(|error| error.to_string())?;
        let laid_out = tokio::task::spawn_blocking(move || lay_out(&resolved, &folder)).await;
        laid_out
            .unwrap_or_else(|error| Err(io::Error::other(error)))
            .map_err(|error| format!("lay it out: {error}"))
    }
}

#[async_trait]
impl LibraryProvider for SharedLibraries {
    fn modules(&self) -> &'static [&'static str] {
        MODULES
    }

    fn folder(&self, runtime: PythonVersion) -> PathBuf {
        self.folder.join(format!("python{runtime}"))
    }

    async fn provide(&self, runtime: PythonVersion, module: &str) -> Result<(), String> {
        let known = self.runtimes.get(&runtime);
        let known = known.ok_or_else(|| format!("no interpreter for Python {runtime}"))?;
        let folder = self.folder(runtime);
        let _turn = known.turn.acquire().await.expect("it is never closed");
        if has(&folder, module) {
            return Ok(());
        }
        let lock = || known.failure.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = lock()
            .as_ref()
            .filter(|(when, _)| when.elapsed() < FAILURE_KEPT)
            .map(|(_, reason)| reason.clone());
        let failure = match recent {
            Some(reason) => Some(reason),
            None => {
                let failure = self.fill(known, folder.clone()).await.err();
                *lock() = failure.clone().map(|reason| (Instant::now(), reason));
                failure
            }
        };
        failure.map_or(Ok(()), |reason| {
            let executable = known.interpreter.executable.display();
            Err(format!(
                "{module} is not prepared for python{runtime} and could not be installed ({reason}). With network access, run: {executable} -m pip install --target {} boto3 snapshot-restore-py",
                folder.display()
            ))
        })
    }
}

fn has(folder: &Path, module: &str) -> bool {
    folder.join(module).is_dir() || folder.join(format!("{module}.py")).is_file()
}

/// Makes what is in `source` appear in `folder`, entry by entry.
fn lay_out(source: &Path, folder: &Path) -> io::Result<()> {
    let staging = folder.join(STAGING);
    let _ = fs::remove_dir_all(&staging);
    link_tree(source, &staging)?;
    let mut entries = Vec::new();
    for entry in fs::read_dir(&staging)? {
        entries.push(entry?.file_name());
    }
    // The modules come last, what they need first.
    entries.sort_by_key(|name| {
        let name = name.to_string_lossy();
        let module = name.strip_suffix(".py").unwrap_or(&name);
        let at = MODULES.iter().position(|known| *known == module);
        at.map_or(0, |at| MODULES.len() - at)
    });
    for name in entries {
        match fs::rename(staging.join(&name), folder.join(&name)) {
            // There already: an earlier attempt was cut short.
            Err(error) if is_taken(&error) => {}
            result => result?,
        }
    }
    fs::remove_dir_all(&staging)
}

fn is_taken(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::DirectoryNotEmpty
            | io::ErrorKind::AlreadyExists
            | io::ErrorKind::NotADirectory
    )
}

/// The same tree with the same files, linked where the file system can, else copied.
fn link_tree(source: &Path, target: &Path) -> io::Result<()> {
    let mut folders = vec![(source.to_path_buf(), target.to_path_buf())];
    while let Some((source, target)) = folders.pop() {
        fs::create_dir(&target)?;
        fs::set_permissions(&target, fs::metadata(&source)?.permissions())?;
        for entry in fs::read_dir(&source)? {
            let entry = entry?;
            let (from, to) = (entry.path(), target.join(entry.file_name()));
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push((from, to));
            } else if kind.is_file() && fs::hard_link(&from, &to).is_err() {
                fs::copy(&from, &to)?;
                // Compiled modules are valid for sources of their time only.
                let modified = entry.metadata()?.modified()?;
                fs::File::open(&to)?.set_modified(modified)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::requirements::tests::{fake_interpreter, requirements, runs};
    use super::*;

    fn libraries(folder: &Path, says: &str) -> (SharedLibraries, PythonVersion) {
        let interpreter = fake_interpreter(folder, says);
        let requirements = Arc::new(requirements(folder));
        let version = interpreter.version;
        let libraries = SharedLibraries::new(folder.join("shared"), &[interpreter], requirements);
        (libraries.unwrap(), version)
    }

    #[test]
    fn modules_appear_whole_and_an_attempt_cut_short_is_continued() {
        let folder = tempfile::tempdir().unwrap();
        let (source, shared) = (folder.path().join("source"), folder.path().join("shared"));
        for path in [
            "source/boto3",
            "source/boto3-1.dist-info",
            "shared/.staging/left",
            "shared/boto3-1.dist-info",
        ] {
            fs::create_dir_all(folder.path().join(path)).unwrap();
            fs::write(folder.path().join(path).join("file"), "x").unwrap();
        }
        fs::write(source.join("six.py"), "x").unwrap();
        lay_out(&source, &shared).unwrap();
        assert!(has(&shared, "boto3") && has(&shared, "six") && !has(&shared, "botocore"));
        assert!(!shared.join(STAGING).exists());
        assert!(has(&source, "six"), "the resolved set stays whole");
    }

    #[tokio::test]
    async fn a_failure_says_how_to_prepare_and_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let (libraries, version) = libraries(folder.path(), "-r is refused");
        assert!(
            libraries.folder(version).is_dir(),
            "it exists from the start"
        );
        let place = libraries.folder(version);
        fs::write(place.join("six.py"), "x").unwrap();
        libraries.provide(version, "six").await.unwrap();
        assert_eq!(runs(folder.path()), 0, "what was prepared is taken");
        let reason = libraries.provide(version, "boto3").await.unwrap_err();
        assert!(
            reason.starts_with("boto3 is not prepared for python3.12 and could not be installed (")
        );
        assert!(reason.ends_with(&format!(
            " -m pip install --target {} boto3 snapshot-restore-py",
            place.display()
        )));
        let again = libraries.provide(version, "boto3").await.unwrap_err();
        assert_eq!(again, reason);
        assert_eq!(runs(folder.path()), 1);
    }
}
