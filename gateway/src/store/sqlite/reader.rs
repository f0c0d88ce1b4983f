//! The connections that read.
//!
//! At most [`READERS_LIMIT`] at once, opened when first needed and kept; who comes when all are taken waits. Readers
//! and the writer do not block each other.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::connection::open_reader;
use crate::store::{StoreError, blocking, lock};

/// How many reads run at the same time.
const READERS_LIMIT: usize = 4;

/// A bounded set of connections that read.
pub(super) struct Readers {
    path: PathBuf,
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    /// Readers of the database at `path`.
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            idle: Arc::default(),
            permits: Arc::new(Semaphore::new(READERS_LIMIT)),
        }
    }

    /// Runs `work` on one of the connections.
    pub(super) async fn query<T, F>(&self, action: &'static str, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|closed| StoreError::failed(action, closed))?;
        let idle = Arc::clone(&self.idle);
        let path = self.path.clone();
        blocking(action, move || {
            // Held until the connection is back, also when this call's future is dropped.
            let _permit = permit;
            let kept = lock(&idle).pop();
            let connection = kept.map_or_else(|| open_reader(&path), Ok)?;
            let outcome = work(&connection);
            lock(&idle).push(connection);
            outcome
        })
        .await
    }
}
