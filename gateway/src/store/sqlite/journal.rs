//! Journals as rows, by stream, time and sequence.
//!
//! A trim removes in steps of [`TRIM_STEP`] rows, each a change of its own, so that other writers pass between them.

use async_trait::async_trait;
use bytes::Bytes;
use rusqlite::{Connection, Row, params};

use super::{Database, from_column, row_limit, to_column};
use crate::store::{Journal, Range, Record, StoreError, last_trimmed_ms};

const NEXT_SEQUENCE: &str =
    "SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'record'";
const APPEND: &str = "INSERT INTO record (stream, time_ms, body) VALUES (?1, ?2, ?3)";
// The index bounds the times; within the first and the last millisecond the sequences are filtered in it.
const READ_FORWARD: &str = "SELECT sequence, time_ms, body FROM record
    WHERE stream = ?1 AND (time_ms, sequence) > (?2, ?3) AND (time_ms, sequence) < (?4, ?5)
    ORDER BY time_ms, sequence LIMIT ?6";
const READ_BACKWARD: &str = "SELECT sequence, time_ms, body FROM record
    WHERE stream = ?1 AND (time_ms, sequence) > (?2, ?3) AND (time_ms, sequence) < (?4, ?5)
    ORDER BY time_ms DESC, sequence DESC LIMIT ?6";
const TRIM: &str = "DELETE FROM record WHERE sequence IN
    (SELECT sequence FROM record WHERE stream = ?1 AND time_ms <= ?2 ORDER BY time_ms, sequence LIMIT ?3)";

/// How many rows a trim removes in one change.
const TRIM_STEP: usize = 2_000;

#[async_trait]
impl Journal for Database {
    async fn append(&self, records: Vec<(String, i64, Bytes)>) -> Result<u64, StoreError> {
        self.write("append records", move |connection| {
            Ok(append(connection, &records)?)
        })
        .await
    }

    async fn read(&self, range: Range<'_>) -> Result<Vec<Record>, StoreError> {
        let stream = range.stream.to_owned();
        let (start, end) = range.between();
        let limit = row_limit(range.limit);
        let sql = if range.backward {
            READ_BACKWARD
        } else {
            READ_FORWARD
        };
        self.query("read records", move |connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map(
                params![
                    stream,
                    start.0,
                    to_column(start.1),
                    end.0,
                    to_column(end.1),
                    limit
                ],
                record_of,
            )?;
            rows.collect()
        })
        .await
    }

    async fn trim(&self, stream: &str, before_ms: i64) -> Result<u64, StoreError> {
        let Some(last_ms) = last_trimmed_ms(before_ms) else {
            return Ok(0);
        };
        let mut total: u64 = 0;
        loop {
            let stream = stream.to_owned();
            let removed = self
                .write("remove records", move |connection| {
                    let mut statement = connection.prepare_cached(TRIM)?;
                    Ok(statement.execute(params![stream, last_ms, row_limit(TRIM_STEP)])?)
                })
                .await?;
            total += removed as u64;
            if removed < TRIM_STEP {
                return Ok(total);
            }
        }
    }
}

/// One writer and AUTOINCREMENT: the sequences of a run follow each other from the next one.
fn append(connection: &Connection, records: &[(String, i64, Bytes)]) -> rusqlite::Result<u64> {
    let next = connection
        .prepare_cached(NEXT_SEQUENCE)?
        .query_row([], |row| row.get(0))?;
    let mut statement = connection.prepare_cached(APPEND)?;
    for (stream, time_ms, body) in records {
        statement.execute(params![stream, time_ms, &body[..]])?;
    }
    Ok(from_column(next))
}

fn record_of(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record {
        sequence: from_column(row.get(0)?),
        time_ms: row.get(1)?,
        body: Bytes::from(row.get::<_, Vec<u8>>(2)?),
    })
}

#[cfg(test)]
mod tests {
    use super::super::connection::plan;
    use super::*;

    #[test]
    fn no_query_walks_or_sorts_the_table() {
        for sql in [READ_FORWARD, READ_BACKWARD, TRIM] {
            let plan = plan(sql);
            assert!(
                plan.starts_with("SEARCH") && !plan.contains("TEMP B-TREE"),
                "{sql}: {plan}"
            );
        }
        for sql in [READ_FORWARD, READ_BACKWARD] {
            let plan = plan(sql);
            assert!(plan.contains("time_ms>? AND time_ms<?"), "{plan}");
        }
    }
}
