//! Libraries that Lambda brings along (boto3 and what it needs): one folder for each runtime, attached to every sandbox, and filled when
//! a function first imports one that its package lacks.
//!
//! Running sandboxes see the folder fill, so each library appears in it complete or not at all, and boto3 last of them.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use invoker::python::LibraryProvider;
use invoker::{Interpreter, PythonVersion};
use tokio::sync::Mutex;

use super::requirements::Requirements;

/// What is resolved; the rest comes with it.
const REQUIREMENT: &str = "boto3";
/// The modules that it brings.
const MODULES: &[&str] = &[
    "boto3",
    "botocore",
    "s3transfer",
    "jmespath",
    "dateutil",
    "urllib3",
    "six",
];
/// Says that a folder is filled.
const COMPLETE: &str = ".complete";
/// Nesting of a library's folders at most.
const MAX_DEPTH: usize = 32;

/// The folders of every runtime.
pub struct SharedLibraries {
    folder: PathBuf,
    requirements: Arc<Requirements>,
    runtimes: HashMap<PythonVersion, Runtime>,
}

struct Runtime {
    interpreter: Interpreter,
    /// Held while its folder is filled.
    filling: Mutex<()>,
}

impl SharedLibraries {
    /// Makes the (empty) folders below `folder` for each interpreter.
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
                filling: Mutex::default(),
            };
            (interpreter.version, runtime)
        });
        let libraries = Self {
            runtimes: runtimes.collect(),
            folder,
            requirements,
        };
        for interpreter in interpreters {
            fs::create_dir_all(libraries.folder(interpreter.version))?;
        }
        Ok(libraries)
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

    async fn provide(&self, version: PythonVersion, module: &str) -> Result<(), String> {
        let Some(runtime) = self.runtimes.get(&version) else {
            return Err(format!("No module named '{module}'"));
        };
        let _mine = runtime.filling.lock().await;
        let folder = self.folder(version);
        if folder.join(COMPLETE).exists() {
            return Ok(());
        }
        let resolved = self
            .requirements
            .resolve(&runtime.interpreter, REQUIREMENT)
            .await
            .map_err(|error| advice(&runtime.interpreter, &folder, module, &error.to_string()))?;
        let target = folder.clone();
        let filled = tokio::task::spawn_blocking(move || fill(&resolved, &target)).await;
        match filled {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(format!("put {module} into {}: {error}", folder.display())),
            Err(error) => Err(format!("put {module} into {}: {error}", folder.display())),
        }
    }
}

fn advice(interpreter: &Interpreter, folder: &Path, module: &str, reason: &str) -> String {
    format!(
        "No module named '{module}': hearth brings it when it can, but {reason} To prepare it by hand, where there is a network: \
         {} -m pip install --target {} {REQUIREMENT}",
        interpreter.executable.display(),
        folder.display()
    )
}

/// Moves links to everything in `source` into `target`, library by library, the one that was asked for last.
fn fill(source: &Path, target: &Path) -> io::Result<()> {
    let staging = tempfile::tempdir_in(target)?;
    let mut names: Vec<_> = fs::read_dir(source)?
        .map(|entry| entry.map(|entry| entry.file_name()))
        .collect::<io::Result<_>>()?;
    names.sort_by_key(|name| match name.to_str() {
        Some(REQUIREMENT) => 2,
        Some("botocore") => 1,
        _ => 0,
    });
    for name in names {
        let (staged, place) = (staging.path().join(&name), target.join(&name));
        link(&source.join(&name), &staged, 0)?;
        if !place.exists() {
            fs::rename(&staged, &place)?;
        }
    }
    fs::write(target.join(COMPLETE), "")
}

/// The same tree at `place`, its files shared.
fn link(source: &Path, place: &Path, depth: usize) -> io::Result<()> {
    if depth > MAX_DEPTH {
        return Err(io::Error::other(
            "a library's folders are nested too deeply",
        ));
    }
    if !fs::symlink_metadata(source)?.is_dir() {
        return fs::hard_link(source, place);
    }
    fs::create_dir(place)?;
    for entry in fs::read_dir(source)? {
        let name = entry?.file_name();
        link(&source.join(&name), &place.join(&name), depth + 1)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_fills_library_by_library() {
        let folder = tempfile::tempdir().unwrap();
        let (source, target) = (folder.path().join("source"), folder.path().join("target"));
        for path in ["boto3/a/b.py", "botocore/x.py", "six.py"] {
            let path = source.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x = 1").unwrap();
        }
        fs::create_dir(&target).unwrap();
        fill(&source, &target).unwrap();
        let mut names: Vec<_> = fs::read_dir(&target)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, [COMPLETE, "boto3", "botocore", "six.py"]);
        assert!(target.join("boto3/a/b.py").is_file());
        // What is there already is kept.
        fill(&source, &target).unwrap();
    }

    #[tokio::test]
    async fn without_a_resolver_the_error_says_how_to_prepare() {
        let folder = tempfile::tempdir().unwrap();
        let version = PythonVersion {
            major: 3,
            minor: 12,
        };
        let interpreter = Interpreter {
            version,
            full_version: "3.12.1".into(),
            executable: "/nowhere/python3.12".into(),
        };
        let message = advice(&interpreter, folder.path(), "boto3", "no network.");
        assert!(message.starts_with("No module named 'boto3'"), "{message}");
        assert!(message.contains("/nowhere/python3.12 -m pip install --target"));
    }
}
