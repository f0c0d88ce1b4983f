//! Documents as rows. There is one writer, so reading a revision and then writing is one step.

use async_trait::async_trait;
use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::writer::Refusal;
use super::{Database, from_column, row_limit, to_column};
use crate::store::{Document, Documents, Expect, StoreError};

const GET: &str = "SELECT key, revision, body FROM document WHERE key = ?1";
const PUT: &str = "INSERT INTO document (key, revision, body) VALUES (?1, ?2, ?3)
    ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, body = excluded.body";
const SCAN_FROM: &str =
    "SELECT key, revision, body FROM document WHERE key >= ?1 ORDER BY key LIMIT ?2";
const SCAN_BEHIND: &str =
    "SELECT key, revision, body FROM document WHERE key > ?1 ORDER BY key LIMIT ?2";

#[async_trait]
impl Documents for Database {
    async fn get(&self, key: &str) -> Result<Option<Document>, StoreError> {
        let key = key.to_owned();
        self.query("read a document", move |connection| {
            connection
                .prepare_cached(GET)?
                .query_row([key], document_of)
                .optional()
        })
        .await
    }

    async fn put(&self, key: &str, expect: Expect, body: Bytes) -> Result<u64, StoreError> {
        let key = key.to_owned();
        self.write("write a document", move |connection| {
            put(connection, key, expect, &body)
        })
        .await
    }

    async fn delete(&self, key: &str, expect: Expect) -> Result<(), StoreError> {
        let key = key.to_owned();
        self.write("remove a document", move |connection| {
            delete(connection, key, expect)
        })
        .await
    }

    async fn scan(
        &self,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Document>, StoreError> {
        let prefix = prefix.to_owned();
        let after = after.map(str::to_owned);
        self.query("list documents", move |connection| {
            scan(connection, &prefix, after.as_deref(), limit)
        })
        .await
    }
}

fn document_of(row: &Row<'_>) -> rusqlite::Result<Document> {
    Ok(Document {
        key: row.get(0)?,
        revision: from_column(row.get(1)?),
        body: Bytes::from(row.get::<_, Vec<u8>>(2)?),
    })
}

fn revision_of(connection: &Connection, key: &str) -> rusqlite::Result<Option<u64>> {
    let mut statement =
        connection.prepare_cached("SELECT revision FROM document WHERE key = ?1")?;
    statement
        .query_row([key], |row| row.get(0).map(from_column))
        .optional()
}

fn put(connection: &Connection, key: String, expect: Expect, body: &[u8]) -> Result<u64, Refusal> {
    let found = revision_of(connection, &key)?;
    if !expect.admits(found) {
        return Err(Refusal::Conflict { key });
    }
    let revision = found.unwrap_or(0) + 1;
    connection
        .prepare_cached(PUT)?
        .execute(params![key, to_column(revision), body])?;
    Ok(revision)
}

fn delete(connection: &Connection, key: String, expect: Expect) -> Result<(), Refusal> {
    if !expect.admits(revision_of(connection, &key)?) {
        return Err(Refusal::Conflict { key });
    }
    connection
        .prepare_cached("DELETE FROM document WHERE key = ?1")?
        .execute([key])?;
    Ok(())
}

fn scan(
    connection: &Connection,
    prefix: &str,
    after: Option<&str>,
    limit: usize,
) -> rusqlite::Result<Vec<Document>> {
    let (sql, start) = match after {
        Some(after) if after >= prefix => (SCAN_BEHIND, after),
        _ => (SCAN_FROM, prefix),
    };
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![start, row_limit(limit)])?;
    let mut documents = Vec::new();
    // The keys with a prefix lie together, so the first without it ends the scan.
    while let Some(row) = rows.next()? {
        if !row.get_ref(0)?.as_str()?.starts_with(prefix) {
            break;
        }
        documents.push(document_of(row)?);
    }
    Ok(documents)
}

#[cfg(test)]
mod tests {
    use super::super::connection::plan;
    use super::*;

    #[test]
    fn no_query_walks_or_sorts_the_table() {
        for sql in [GET, SCAN_FROM, SCAN_BEHIND] {
            let plan = plan(sql);
            assert!(
                plan.starts_with("SEARCH") && !plan.contains("TEMP B-TREE"),
                "{sql}: {plan}"
            );
        }
    }
}
