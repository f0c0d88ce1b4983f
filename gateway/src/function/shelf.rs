//! The shelf: packages on the disk, each as a blob and as an unpacked folder `code/SHA-256`, counted by who needs them.
//!
//! ```text
//! stock(zip) → Hold (counted) → a function's document names it (retain) → the hold drops
//!              a document names it no longer (release) → after a pause, so that running sandboxes end first → removed
//! ```
//! Invariants: a folder under its name is complete; a package that is counted is there; the folder is made before the blob and
//! removed after it, so at the next start a folder that nobody counts tells of everything that a crash left.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use tokio::sync::{Notify, Semaphore};

use super::FunctionError;
use super::code_package::{PackageError, unpack};
use super::limits::ZIPPED_BYTES;
use super::link::hex;
use super::turns::Turns;
use crate::store::Blobs;

const CODE_FOLDER: &str = "code";
const INCOMING_PREFIX: &str = ".incoming-";
/// Packages unpacked at the same time.
const UNPACKED_AT_ONCE: usize = 4;
/// Longer than any invocation: sandboxes of a version that was replaced may still read its folder.
pub(super) const PAUSE_MS: i64 = 960_000;

/// Packages on the disk.
pub(super) struct Shelf {
    blobs: Arc<dyn Blobs>,
    folder: PathBuf,
    held: Mutex<Held>,
    turns: Turns,
    unpacking: Semaphore,
    /// Woken when a package may be removed at once.
    pub(super) leaving: Notify,
}

#[derive(Default)]
struct Held {
    counts: HashMap<String, usize>,
    /// Packages that came to zero, with the time at which they may go. One that was counted again meanwhile stays.
    leaving: VecDeque<(i64, String)>,
}

/// Keeps a package on the shelf until a document names it.
pub(super) struct Hold {
    shelf: Arc<Shelf>,
    /// The package: lowercase hexadecimal SHA-256 of the zip.
    pub(super) blob: String,
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.shelf.uncount(&self.blob, i64::MIN);
    }
}

impl Shelf {
    /// Opens the shelf in the data folder; call [`Shelf::settle`] when the counts are known.
    pub(super) fn open(blobs: Arc<dyn Blobs>, data: &Path) -> Result<Self, FunctionError> {
        let folder = data.join(CODE_FOLDER);
        fs::create_dir_all(&folder).map_err(|error| disk("make the folder of code", &error))?;
        Ok(Self {
            blobs,
            folder,
            held: Mutex::default(),
            turns: Turns::new(),
            unpacking: Semaphore::new(UNPACKED_AT_ONCE),
            leaving: Notify::new(),
        })
    }

    /// Where a package lies unpacked.
    pub(super) fn folder_of(&self, blob: &str) -> PathBuf {
        self.folder.join(blob)
    }

    /// The zip of a package.
    pub(super) async fn zip(&self, blob: &str) -> Result<Option<Bytes>, FunctionError> {
        Ok(self.blobs.get(blob).await?)
    }

    /// Checks a package and puts it on the shelf.
    ///
    /// # Errors
    /// What is wrong with the package, or the disk; nothing is left of it then.
    pub(super) async fn stock(self: &Arc<Self>, zip: Bytes) -> Result<Hold, FunctionError> {
        if zip.len() > ZIPPED_BYTES {
            return Err(FunctionError::PackageTooLarge);
        }
        let blob = name_of(zip.clone()).await?;
        let hold = self.hold(blob);
        let _turn = self.turns.take(&hold.blob).await;
        self.unpack_once(&hold.blob, zip.clone()).await?;
        self.blobs.put(zip).await?;
        Ok(hold)
    }

    /// Checks a package without keeping it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) async fn check(&self, zip: Bytes) -> Result<String, FunctionError> {
        if zip.len() > ZIPPED_BYTES {
            return Err(FunctionError::PackageTooLarge);
        }
        let blob = name_of(zip.clone()).await?;
        if !self.folder_of(&blob).exists() {
            self.unpack_into(zip, None).await?;
        }
        Ok(blob)
    }

    /// Unpacks a package again whose folder is gone.
    ///
    /// # Errors
    /// The blob is gone too, or the disk.
    pub(super) async fn restore(&self, blob: &str) -> Result<(), FunctionError> {
        let _turn = self.turns.take(&blob).await;
        if self.folder_of(blob).exists() {
            return Ok(());
        }
        let zip = self.zip(blob).await?.ok_or_else(|| FunctionError::Disk {
            action: "read a package",
            reason: format!("the package {blob} is not in the store"),
        })?;
        self.unpack_once(blob, zip).await
    }

    async fn unpack_once(&self, blob: &str, zip: Bytes) -> Result<(), FunctionError> {
        let folder = self.folder_of(blob);
        if folder.exists() {
            return Ok(());
        }
        self.unpack_into(zip, Some(folder)).await
    }

    /// Unpacks beside the shelf's folders, then moves the whole into place; removes it again when there is no place for it.
    async fn unpack_into(&self, zip: Bytes, place: Option<PathBuf>) -> Result<(), FunctionError> {
        let _room = self
            .unpacking
            .acquire()
            .await
            .expect("the shelf never closes it");
        let parent = self.folder.clone();
        blocking(move || {
            let incoming = tempfile::Builder::new()
                .prefix(INCOMING_PREFIX)
                .tempdir_in(parent)?;
            unpack(&zip, incoming.path())?;
            if let Some(place) = place {
                fs::rename(incoming.keep(), place)?;
            }
            Ok(())
        })
        .await
    }

    fn hold(self: &Arc<Self>, blob: String) -> Hold {
        *self.lock().counts.entry(blob.clone()).or_default() += 1;
        Hold {
            shelf: Arc::clone(self),
            blob,
        }
    }

    /// Counts a document that names the package.
    pub(super) fn retain(&self, blob: &str) {
        *self.lock().counts.entry(blob.to_owned()).or_default() += 1;
    }

    /// Counts it no longer.
    pub(super) fn release(&self, blob: &str, now_ms: i64) {
        self.uncount(blob, now_ms.saturating_add(PAUSE_MS));
    }

    fn uncount(&self, blob: &str, due_ms: i64) {
        let mut held = self.lock();
        let Some(count) = held.counts.get_mut(blob) else {
            return;
        };
        *count -= 1;
        if *count > 0 {
            return;
        }
        held.counts.remove(blob);
        let pausing = held.leaving.iter().any(|(_, leaving)| leaving == blob);
        if due_ms == i64::MIN && pausing {
            // It was run before: its own pause goes on.
        } else if due_ms == i64::MIN {
            held.leaving.push_front((due_ms, blob.to_owned()));
            drop(held);
            self.leaving.notify_one();
        } else {
            held.leaving.push_back((due_ms, blob.to_owned()));
        }
    }

    /// Removes the packages that nobody counts and whose pause is over.
    pub(super) async fn sweep(&self, now_ms: i64) {
        while let Some(blob) = self.next_due(now_ms) {
            if let Err(error) = self.remove(&blob).await {
                tracing::warn!(%error, package = blob, "remove a package; the next start tries again");
            }
        }
    }

    fn next_due(&self, now_ms: i64) -> Option<String> {
        let mut held = self.lock();
        loop {
            let (due_ms, _) = held.leaving.front()?;
            if *due_ms > now_ms {
                return None;
            }
            let (_, blob) = held.leaving.pop_front()?;
            // One that left twice waits for the later pause.
            if held.leaving.iter().all(|(_, later)| *later != blob) {
                return Some(blob);
            }
        }
    }

    async fn remove(&self, blob: &str) -> Result<(), FunctionError> {
        let _turn = self.turns.take(&blob).await;
        if self.lock().counts.contains_key(blob) {
            return Ok(());
        }
        self.blobs.delete(blob).await?;
        let folder = self.folder_of(blob);
        blocking(move || Ok(gone(fs::remove_dir_all(folder))?)).await
    }

    /// Makes the disk agree with the counts: removes what a crash left, unpacks what is missing. Called once, at the start.
    ///
    /// # Errors
    /// The disk, or a package that is nowhere.
    pub(super) async fn settle(&self) -> Result<(), FunctionError> {
        let folder = self.folder.clone();
        let found: HashSet<String> = blocking(move || Ok(names_in(&folder)?)).await?;
        let counted: HashSet<String> = self.lock().counts.keys().cloned().collect();
        for name in found.difference(&counted) {
            self.blobs.delete(name).await?;
            let left = self.folder.join(name);
            blocking(move || Ok(gone(fs::remove_dir_all(left))?)).await?;
        }
        for blob in counted.difference(&found) {
            if let Err(error) = self.restore(blob).await {
                tracing::error!(%error, package = blob, "unpack a stored package again");
            }
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn names_in(folder: &Path) -> io::Result<HashSet<String>> {
    let mut names = HashSet::new();
    for entry in fs::read_dir(folder)? {
        names.insert(entry?.file_name().to_string_lossy().into_owned());
    }
    Ok(names)
}

fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

async fn name_of(zip: Bytes) -> Result<String, FunctionError> {
    blocking(move || Ok(hex(&Sha256::digest(&zip)))).await
}

fn disk(action: &'static str, error: &io::Error) -> FunctionError {
    FunctionError::Disk {
        action,
        reason: error.to_string(),
    }
}

/// Runs work on the disk off the runtime's own threads.
async fn blocking<T, F>(work: F) -> Result<T, FunctionError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, PackageError> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Ok(done?),
        Err(error) => Err(FunctionError::Interrupted(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::code_package::tests::zip_of;
    use super::*;
    use crate::store::memory;

    async fn shelf(folder: &Path) -> Arc<Shelf> {
        let store = memory::open(folder);
        let shelf = Shelf::open(store.blobs, folder).unwrap();
        shelf.settle().await.unwrap();
        Arc::new(shelf)
    }

    fn package(content: &str) -> Bytes {
        Bytes::from(zip_of(&[("app.py", content)]))
    }

    #[tokio::test]
    async fn a_package_that_nobody_names_goes_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = shelf(folder.path()).await;
        let hold = shelf.stock(package("x = 1")).await.unwrap();
        let blob = hold.blob.clone();
        assert!(shelf.folder_of(&blob).join("app.py").exists());
        drop(hold);
        shelf.sweep(0).await;
        assert!(!shelf.folder_of(&blob).exists());
        assert_eq!(shelf.zip(&blob).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_package_that_was_run_stays_for_running_sandboxes() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = shelf(folder.path()).await;
        let hold = shelf.stock(package("x = 1")).await.unwrap();
        let blob = hold.blob.clone();
        shelf.retain(&blob);
        drop(hold);
        shelf.sweep(0).await;
        assert!(shelf.folder_of(&blob).exists(), "a document names it");
        shelf.release(&blob, 0);
        shelf.sweep(PAUSE_MS - 1).await;
        assert!(shelf.folder_of(&blob).exists(), "its pause is not over");
        let again = shelf.stock(package("x = 1")).await.unwrap();
        shelf.sweep(PAUSE_MS).await;
        assert!(shelf.folder_of(&blob).exists(), "somebody wants it again");
        drop(again);
        shelf.sweep(PAUSE_MS).await;
        assert!(!shelf.folder_of(&blob).exists());
    }

    #[tokio::test]
    async fn a_refused_package_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = shelf(folder.path()).await;
        assert!(shelf.stock(Bytes::from_static(b"no zip")).await.is_err());
        assert!(shelf.check(Bytes::from_static(b"no zip")).await.is_err());
        shelf.check(package("x = 1")).await.unwrap();
        assert!(
            names_in(&folder.path().join(CODE_FOLDER))
                .unwrap()
                .is_empty()
        );
    }

    #[tokio::test]
    async fn the_start_removes_what_a_crash_left_and_mends_what_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let first = shelf(folder.path()).await;
        let (kept, left) = (package("kept"), package("left"));
        let kept = first.stock(kept).await.unwrap();
        let left = first.stock(left).await.unwrap();
        fs::remove_dir_all(first.folder_of(&kept.blob)).unwrap();
        fs::create_dir(folder.path().join("code/.incoming-torn")).unwrap();

        let second = Shelf::open(Arc::clone(&first.blobs), folder.path()).unwrap();
        second.retain(&kept.blob);
        second.settle().await.unwrap();

        let names = names_in(&folder.path().join(CODE_FOLDER)).unwrap();
        assert_eq!(names, HashSet::from([kept.blob.clone()]));
        assert_eq!(second.zip(&left.blob).await.unwrap(), None);
    }
}
