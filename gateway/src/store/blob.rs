//! Blobs as files: `ab/abcdef…`, named by the SHA-256 of their content.
//!
//! A blob appears under its name complete and on the disk, or not at all: it is written and synced in `incoming/`,
//! then renamed. What a crash leaves in `incoming/` is removed at the next start. No key that is not 64 lowercase hex
//! digits ever becomes a path.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use super::{Blobs, StoreError, blocking};

const INCOMING: &str = "incoming";
const KEY_LENGTH_CHARS: usize = 64;
const SHARD_LENGTH_CHARS: usize = 2;

/// The lowercase hex SHA-256 of `bytes`.
pub(super) fn key_of(bytes: &[u8]) -> String {
    let mut key = String::with_capacity(KEY_LENGTH_CHARS);
    for byte in Sha256::digest(bytes).iter() {
        write!(key, "{byte:02x}").expect("writing to a string cannot fail");
    }
    key
}

fn is_key(name: &str) -> bool {
    name.len() == KEY_LENGTH_CHARS
        && name
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// A folder of blobs.
pub(super) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Opens the folder, making it where it is missing.
    pub(super) fn open(root: PathBuf) -> io::Result<Self> {
        let incoming = root.join(INCOMING);
        if incoming.try_exists()? {
            fs::remove_dir_all(&incoming)?;
        }
        fs::create_dir_all(&incoming)?;
        Ok(Self { root })
    }

    fn path_of(&self, key: &str) -> Option<PathBuf> {
        is_key(key).then(|| self.root.join(&key[..SHARD_LENGTH_CHARS]).join(key))
    }
}

#[async_trait]
impl Blobs for Folder {
    async fn put(&self, bytes: Bytes) -> Result<String, StoreError> {
        let root = self.root.clone();
        blocking("write a blob", move || write(&root, &bytes)).await
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, StoreError> {
        let Some(path) = self.path_of(key) else {
            return Ok(None);
        };
        blocking("read a blob", move || found(fs::read(path)))
            .await
            .map(|content| content.map(Bytes::from))
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        let Some(path) = self.path_of(key) else {
            return Ok(());
        };
        blocking("remove a blob", move || remove(&path)).await
    }

    async fn keys(&self) -> Result<Vec<String>, StoreError> {
        let root = self.root.clone();
        blocking("list the blobs", move || list(&root)).await
    }
}

fn write(root: &Path, bytes: &[u8]) -> io::Result<String> {
    let key = key_of(bytes);
    let shard = root.join(&key[..SHARD_LENGTH_CHARS]);
    let path = shard.join(&key);
    if !path.try_exists()? {
        let mut incoming = NamedTempFile::new_in(root.join(INCOMING))?;
        incoming.write_all(bytes)?;
        incoming.as_file().sync_all()?;
        fs::create_dir_all(&shard)?;
        sync_folder(root)?;
        incoming.persist(&path).map_err(|refused| refused.error)?;
    }
    // Also where the blob was there: whoever renamed it may not have come to this yet.
    sync_folder(&shard)?;
    Ok(key)
}

fn remove(path: &Path) -> io::Result<()> {
    if found(fs::remove_file(path))?.is_some()
        && let Some(shard) = path.parent()
    {
        sync_folder(shard)?;
    }
    Ok(())
}

fn list(root: &Path) -> io::Result<Vec<String>> {
    let mut keys = Vec::new();
    for shard in fs::read_dir(root)? {
        let shard = shard?;
        if shard.file_name().len() != SHARD_LENGTH_CHARS {
            continue;
        }
        for blob in fs::read_dir(shard.path())? {
            if let Some(name) = blob?.file_name().to_str()
                && is_key(name)
            {
                keys.push(name.to_owned());
            }
        }
    }
    Ok(keys)
}

fn found<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Puts a folder's entries on the disk: a rename is not durable before that.
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opening_removes_what_a_crash_left() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let key = write_through(folder.path(), b"kept");
        let torn = folder.path().join(INCOMING).join("torn");
        fs::write(&torn, b"ha").expect("a torn blob");

        Folder::open(folder.path().to_owned()).expect("opens again");

        assert!(!torn.exists());
        assert_eq!(list(folder.path()).expect("lists"), [key]);
    }

    #[test]
    fn writing_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write_through(folder.path(), b"content");
        let incoming = fs::read_dir(folder.path().join(INCOMING)).expect("lists");
        assert_eq!(incoming.count(), 0);
    }

    fn write_through(root: &Path, bytes: &[u8]) -> String {
        Folder::open(root.to_owned()).expect("opens");
        write(root, bytes).expect("writes")
    }
}
