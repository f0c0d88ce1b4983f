//! The store on the disk: documents, queues and journals in one SQLite database, blobs as files beside it.
//!
//! One thread writes ([`writer`]: a group of changes per commit), a few connections read ([`reader`]). A write is
//! answered after the commit that holds it is synced, so an acknowledged write survives `kill -9` and a power cut, and
//! every read that starts after the answer sees it (<https://www.sqlite.org/wal.html>).

mod connection;
mod document;
mod journal;
mod queue;
mod reader;
mod writer;

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use self::connection::OpenError;
use self::reader::Readers;
use self::writer::{Refusal, Writer};
use super::blob::Folder;
use super::{Store, StoreError, blocking};

const DATABASE_FILE: &str = "hearth.sqlite";
const BLOBS_FOLDER: &str = "blobs";

/// Opens the store in `folder`, making or migrating what is there.
pub async fn open(folder: &Path) -> Result<Store, StoreError> {
    let owned = folder.to_owned();
    let (database, blobs) = blocking("open the store", move || open_parts(&owned)).await?;
    let database = Arc::new(database);
    Ok(Store {
        documents: database.clone(),
        queue: database.clone(),
        journal: database,
        blobs: Arc::new(blobs),
        folder: folder.to_owned(),
    })
}

fn open_parts(folder: &Path) -> Result<(Database, Folder), OpenError> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join(DATABASE_FILE);
    let database = Database {
        writer: Writer::start(connection::open_writer(&path)?)?,
        readers: Readers::new(path),
    };
    Ok((database, Folder::open(folder.join(BLOBS_FOLDER))?))
}

/// The database behind three of the traits.
struct Database {
    writer: Writer,
    readers: Readers,
}

impl Database {
    /// Makes a change; durable when it returns.
    async fn write<T, F>(&self, action: &'static str, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Refusal> + Send + 'static,
    {
        self.writer.submit(action, work).await
    }

    /// Reads the last committed state.
    async fn query<T, F>(&self, action: &'static str, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        self.readers.query(action, work).await
    }
}

/// A number as SQLite holds it; one beyond its range equals none that was ever stored.
fn to_column(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A stored number, never negative in this schema.
fn from_column(value: i64) -> u64 {
    value.cast_unsigned()
}

/// A `LIMIT`.
fn row_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
