//! Resolves a package's requirements into content-addressed folders, from wheels only, by uv or else pip on the host.
//!
//! Invariants: a folder that stands under its final name is complete, as it was made elsewhere and renamed; nothing of the requirements
//! runs while they are resolved, and no file of the host is named by them: wheels from an index only, no source, no path.

mod resolver;
mod text;

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use invoker::Interpreter;
use sha2::{Digest, Sha256};
use tokio::sync::{OnceCell, Semaphore};

/// Sets resolved at the same time.
const CONCURRENT_RESOLVES: usize = 2;
/// Name of folders in the making; those that a killed server left are cleared at the start.
const UNFINISHED: &str = ".unfinished-";
/// Why requirements could not be resolved.
#[derive(Debug, thiserror::Error)]
pub enum RequirementsError {
    /// The resolver said no; its own words.
    #[error("{0}")]
    Resolver(String),
    /// Neither uv nor pip is on the host, or the folder cannot be written.
    #[error("{0}")]
    Host(String),
}

/// Resolved sets of requirements, one folder for each, shared by all functions with the same set.
pub struct Requirements {
    folder: PathBuf,
    uv: Option<PathBuf>,
    places: Semaphore,
    /// Sets being resolved now.
    running: Mutex<HashMap<String, Arc<OnceCell<()>>>>,
}

impl Requirements {
    /// Keeps them under `folder`.
    pub fn new(folder: PathBuf) -> Self {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        Self {
            folder,
            uv: resolver::find_uv(),
            places: Semaphore::new(CONCURRENT_RESOLVES),
            running: Mutex::default(),
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
        let lines = text::lines(requirements);
        if let Some(refusal) = lines.iter().find_map(|line| text::refusal(line)) {
            return Err(RequirementsError::Resolver(refusal));
        }
        let key = key(interpreter, &lines);
        let place = self.folder.join(&key);
        if place.is_dir() {
            return Ok(place);
        }
        let running = Running::join(&self.running, &key);
        let install = || self.install(interpreter, &lines, &place);
        running.cell.get_or_try_init(install).await?;
        Ok(place)
    }

    async fn install(
        &self,
        interpreter: &Interpreter,
        lines: &[String],
        place: &Path,
    ) -> Result<(), RequirementsError> {
        let _turn = self.places.acquire().await.expect("it is never closed");
        if place.is_dir() {
            return Ok(());
        }
        fs::create_dir_all(&self.folder).map_err(|error| host("make", &self.folder, &error))?;
        let unfinished = tempfile::Builder::new()
            .prefix(UNFINISHED)
            .tempdir_in(&self.folder)
            .map_err(|error| host("write", &self.folder, &error))?;
        let site = unfinished.path().join("site");
        fs::create_dir(&site).map_err(|error| host("make", &site, &error))?;
        if !lines.is_empty() {
            let file = unfinished.path().join("requirements.txt");
            fs::write(&file, lines.join("\n") + "\n")
                .map_err(|error| host("write", &file, &error))?;
            let uv = self.uv.as_deref();
            let command = resolver::command_for(uv, interpreter, &site, &file).await?;
            resolver::run(command, unfinished.path()).await?;
        }
        let finished = site.clone();
        let readable = tokio::task::spawn_blocking(move || make_readable(&finished)).await;
        readable
            .unwrap_or_else(|error| Err(std::io::Error::other(error)))
            .and_then(|()| fs::rename(&site, place))
            .map_err(|error| host("finish", place, &error))
    }
}

/// A set that is being resolved, by this task or another; forgotten when nobody waits for it any more.
struct Running<'a> {
    map: &'a Mutex<HashMap<String, Arc<OnceCell<()>>>>,
    key: &'a str,
    cell: Arc<OnceCell<()>>,
}

impl<'a> Running<'a> {
    fn join(map: &'a Mutex<HashMap<String, Arc<OnceCell<()>>>>, key: &'a str) -> Self {
        let mut known = map.lock().unwrap_or_else(PoisonError::into_inner);
        let cell = Arc::clone(known.entry(key.to_owned()).or_default());
        Self { map, key, cell }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let mut known = self.map.lock().unwrap_or_else(PoisonError::into_inner);
        // The map's and this one.
        if Arc::strong_count(&self.cell) == 2 {
            known.remove(self.key);
        }
    }
}

fn host(verb: &str, path: &Path, error: &std::io::Error) -> RequirementsError {
    RequirementsError::Host(format!("{verb} {}: {error}", path.display()))
}

/// The folder's name.
fn key(interpreter: &Interpreter, lines: &[String]) -> String {
    let mut digest = Sha256::new();
    let platform = format!("python{} {}\n", interpreter.version, std::env::consts::ARCH);
    digest.update(platform.as_bytes());
    for line in lines {
        digest.update(line.as_bytes());
        digest.update(b"\n");
    }
    let hex: String = digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("python{}-{hex}", interpreter.version)
}

/// Lets the sandboxes' user read everything, whatever the server's umask.
fn make_readable(folder: &Path) -> std::io::Result<()> {
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                allow(&entry.path(), 0o444)?;
            }
        }
        allow(&folder, 0o555)?;
    }
    Ok(())
}

fn allow(path: &Path, bits: u32) -> std::io::Result<()> {
    let mode = fs::metadata(path)?.permissions().mode();
    if mode & bits == bits {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode | bits))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// An interpreter that is a shell script: `install` fails with `says`, or makes `module.py` in its target when that is empty.
    pub(crate) fn fake_interpreter(folder: &Path, says: &str) -> Interpreter {
        let script = format!(
            "#!/bin/sh\ncase \"$*\" in *--version) exit 0;; esac\necho run >> '{0}/runs'\nif [ -n '{says}' ]; then echo 'noise'; echo '{says}' >&2; exit 1; fi\nwhile [ \"$1\" != --target ]; do shift; done\nmkdir \"$2/boto3\" \"$2/six\"; cat \"$4\" > \"$2/boto3/__init__.py\"\n",
            folder.display()
        );
        let executable = folder.join("python3.12");
        fs::write(&executable, script).unwrap();
        fs::set_permissions(&executable, fs::Permissions::from_mode(0o755)).unwrap();
        Interpreter {
            version: "3.12".parse().unwrap(),
            full_version: "3.12.1".into(),
            executable,
        }
    }

    /// Resolves with the interpreter's own pip, whatever the host has.
    pub(crate) fn requirements(folder: &Path) -> Requirements {
        Requirements {
            uv: None,
            ..Requirements::new(folder.join("kept"))
        }
    }

    pub(crate) fn runs(folder: &Path) -> usize {
        fs::read_to_string(folder.join("runs"))
            .unwrap_or_default()
            .lines()
            .count()
    }

    #[tokio::test]
    async fn the_same_set_is_resolved_once() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("kept/.unfinished-1/site")).unwrap();
        let requirements = requirements(folder.path());
        let interpreter = fake_interpreter(folder.path(), "");
        let (one, two) = tokio::join!(
            requirements.resolve(&interpreter, "idna==3.10 # why\n"),
            requirements.resolve(&interpreter, "\n  idna==3.10\n")
        );
        let place = one.unwrap();
        assert_eq!(place, two.unwrap());
        assert_eq!(
            requirements
                .resolve(&interpreter, "idna==3.10")
                .await
                .unwrap(),
            place
        );
        assert_eq!(runs(folder.path()), 1);
        assert_eq!(
            fs::read_to_string(place.join("boto3/__init__.py")).unwrap(),
            "idna==3.10\n"
        );
        let left: Vec<_> = fs::read_dir(folder.path().join("kept")).unwrap().collect();
        assert_eq!(left.len(), 1, "nothing unfinished is left: {left:?}");
        let empty = requirements
            .resolve(&interpreter, "# nothing")
            .await
            .unwrap();
        assert_eq!(
            (fs::read_dir(empty).unwrap().count(), runs(folder.path())),
            (0, 1)
        );
        assert!(requirements.running.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_failure_tells_the_resolvers_reason_and_is_tried_again() {
        let folder = tempfile::tempdir().unwrap();
        let requirements = requirements(folder.path());
        let interpreter = fake_interpreter(folder.path(), "ERROR: No matching distribution");
        for attempt in 1..3 {
            let error = requirements
                .resolve(&interpreter, "nowhere")
                .await
                .unwrap_err();
            assert_eq!(error.to_string(), "No matching distribution");
            assert_eq!(runs(folder.path()), attempt);
        }
    }
}
