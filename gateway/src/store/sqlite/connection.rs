//! Connections and the schema.
//!
//! `user_version` counts the migrations that a database has been through; each runs in its own transaction with the
//! count. A database of a newer version is refused, not guessed at.

use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

/// Changes to the schema, oldest first. Only ever append: a database has been through a prefix of them.
const MIGRATIONS: &[&str] = &[include_str!("schema.sql")];

/// How long a connection waits for another's short exclusive lock (recovery, checkpoint).
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Why the database does not open.
#[derive(Debug, thiserror::Error)]
pub(super) enum OpenError {
    /// The file system refused.
    #[error(transparent)]
    Files(#[from] io::Error),
    /// SQLite refused.
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
    /// The file system cannot hold a write-ahead log.
    #[error("the file system supports no write-ahead log (journal mode {mode})")]
    NoWriteAheadLog {
        /// The journal mode that SQLite fell back to.
        mode: String,
    },
    /// A newer hearth wrote it.
    #[error("the database has schema {found}, written by a newer version; this one knows {known}")]
    NewerSchema {
        /// The database's version.
        found: usize,
        /// The newest version known here.
        known: usize,
    },
}

/// The connection that writes, on a database of the current schema.
pub(super) fn open_writer(path: &Path) -> Result<Connection, OpenError> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    let mode: String =
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        return Err(OpenError::NoWriteAheadLog { mode });
    }
    // FULL syncs the log at every commit: <https://www.sqlite.org/pragma.html#pragma_synchronous>.
    connection.pragma_update(None, "synchronous", "FULL")?;
    migrate(&mut connection)?;
    Ok(connection)
}

/// A connection that reads.
pub(super) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    Ok(connection)
}

fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    let version: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let (found, known) = (version as usize, MIGRATIONS.len());
    if found > known {
        return Err(OpenError::NewerSchema { found, known });
    }
    for (sql, version) in MIGRATIONS.iter().zip(1_u32..).skip(found) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}

/// A migrated database in memory.
#[cfg(test)]
pub(super) fn open_in_memory() -> Connection {
    let mut connection = Connection::open_in_memory().expect("a database in memory");
    migrate(&mut connection).expect("the schema");
    connection
}

/// How SQLite would run a query, one step per line.
#[cfg(test)]
pub(super) fn plan(sql: &str) -> String {
    let connection = open_in_memory();
    let mut statement = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .expect("a query");
    let mut rows = statement.raw_query();
    let mut plan = String::new();
    while let Some(row) = rows.next().expect("a step") {
        plan.push_str(&row.get::<_, String>("detail").expect("its text"));
        plan.push('\n');
    }
    plan
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_schema_is_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("database");
        let connection = open_writer(&path).expect("opens");
        connection
            .pragma_update(None, "user_version", 99)
            .expect("a version");
        drop(connection);

        let refused = open_writer(&path).expect_err("is newer");

        assert!(
            matches!(refused, OpenError::NewerSchema { found: 99, .. }),
            "{refused}"
        );
    }

    #[test]
    fn every_commit_is_synced_into_a_write_ahead_log() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let connection = open_writer(&folder.path().join("database")).expect("opens");
        let synchronous: i64 = connection
            .pragma_query_value(None, "synchronous", |row| row.get(0))
            .expect("a level");
        let mode: String = connection
            .pragma_query_value(None, "journal_mode", |row| row.get(0))
            .expect("a mode");
        assert_eq!((synchronous, mode.as_str()), (2, "wal"));
    }

    #[test]
    fn a_reader_cannot_write() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("database");
        let _writer = open_writer(&path).expect("opens");
        let reader = open_reader(&path).expect("opens");
        assert!(reader.execute("DELETE FROM document", []).is_err());
    }
}
