//! Queues as rows, ordered by the time when they are due. A lease is a due time in the future with the mark `leased`.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use rusqlite::{Connection, Row, params};

use super::{Database, from_column, row_limit, to_column};
use crate::store::{Message, Queue, StoreError, lease_end_ms};

const ENQUEUE: &str = "INSERT INTO message (queue, due_ms, leased, attempts, enqueued_ms, body)
    VALUES (?1, ?2, 0, 0, ?3, ?4)";
const DUE: &str = "SELECT id, attempts, enqueued_ms, body FROM message
    WHERE queue = ?1 AND due_ms <= ?2 ORDER BY due_ms, id LIMIT ?3";
const HIDE: &str = "UPDATE message SET due_ms = ?2, leased = 1, attempts = ?3 WHERE id = ?1";
const RETRY: &str = "UPDATE message SET due_ms = ?3, leased = 0, body = coalesce(?4, body)
    WHERE id = ?1 AND queue = ?2";
const NEXT_DUE: &str = "SELECT min(due_ms) FROM message WHERE queue = ?1";
const DEPTH: &str = "SELECT count(*) FROM message WHERE queue = ?1";

#[async_trait]
impl Queue for Database {
    async fn enqueue(
        &self,
        queue: &str,
        body: Bytes,
        now_ms: i64,
        due_ms: i64,
    ) -> Result<u64, StoreError> {
        let queue = queue.to_owned();
        self.write("enqueue a message", move |connection| {
            let mut statement = connection.prepare_cached(ENQUEUE)?;
            let id = statement.insert(params![queue, due_ms, now_ms, &body[..]])?;
            Ok(from_column(id))
        })
        .await
    }

    async fn lease(
        &self,
        queue: &str,
        now_ms: i64,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<Message>, StoreError> {
        let queue = queue.to_owned();
        let until_ms = lease_end_ms(now_ms, lease);
        self.write("lease messages", move |connection| {
            Ok(take_due(connection, &queue, now_ms, until_ms, limit)?)
        })
        .await
    }

    async fn ack(&self, queue: &str, id: u64) -> Result<(), StoreError> {
        let queue = queue.to_owned();
        self.write("remove a message", move |connection| {
            let mut statement =
                connection.prepare_cached("DELETE FROM message WHERE id = ?1 AND queue = ?2")?;
            statement.execute(params![to_column(id), queue])?;
            Ok(())
        })
        .await
    }

    async fn retry(
        &self,
        queue: &str,
        id: u64,
        due_ms: i64,
        body: Option<Bytes>,
    ) -> Result<(), StoreError> {
        let queue = queue.to_owned();
        self.write("give a message back", move |connection| {
            let mut statement = connection.prepare_cached(RETRY)?;
            statement.execute(params![to_column(id), queue, due_ms, body.as_deref()])?;
            Ok(())
        })
        .await
    }

    async fn release_leases(&self, now_ms: i64) -> Result<(), StoreError> {
        self.write("release the leases", move |connection| {
            connection.execute(
                "UPDATE message SET due_ms = ?1, leased = 0 WHERE leased = 1",
                [now_ms],
            )?;
            Ok(())
        })
        .await
    }

    async fn next_due_ms(&self, queue: &str) -> Result<Option<i64>, StoreError> {
        let queue = queue.to_owned();
        self.query("find the next message", move |connection| {
            connection
                .prepare_cached(NEXT_DUE)?
                .query_row([queue], |row| row.get(0))
        })
        .await
    }

    async fn depth(&self, queue: &str) -> Result<u64, StoreError> {
        let queue = queue.to_owned();
        self.query("count messages", move |connection| {
            connection
                .prepare_cached(DEPTH)?
                .query_row([queue], |row| row.get(0).map(from_column))
        })
        .await
    }
}

fn take_due(
    connection: &Connection,
    queue: &str,
    now_ms: i64,
    until_ms: i64,
    limit: usize,
) -> rusqlite::Result<Vec<Message>> {
    let mut due = connection.prepare_cached(DUE)?;
    let rows = due.query_map(params![queue, now_ms, row_limit(limit)], leased_of)?;
    let messages = rows.collect::<rusqlite::Result<Vec<Message>>>()?;
    let mut hide = connection.prepare_cached(HIDE)?;
    for message in &messages {
        hide.execute(params![to_column(message.id), until_ms, message.attempts])?;
    }
    Ok(messages)
}

/// The message of a row as its lease makes it: with one attempt more.
fn leased_of(row: &Row<'_>) -> rusqlite::Result<Message> {
    Ok(Message {
        id: from_column(row.get(0)?),
        attempts: row.get::<_, u32>(1)?.saturating_add(1),
        enqueued_ms: row.get(2)?,
        body: Bytes::from(row.get::<_, Vec<u8>>(3)?),
    })
}

#[cfg(test)]
mod tests {
    use super::super::connection::plan;
    use super::*;

    #[test]
    fn no_query_walks_or_sorts_the_table() {
        for sql in [DUE, NEXT_DUE, DEPTH, HIDE, RETRY] {
            let plan = plan(sql);
            assert!(
                plan.starts_with("SEARCH") && !plan.contains("TEMP B-TREE"),
                "{sql}: {plan}"
            );
        }
        assert!(plan(DUE).contains("due_ms<?"), "{}", plan(DUE));
    }
}
