//! The thread that writes, by group commit.
//!
//! It takes all the changes that wait, runs each in its own savepoint of one transaction, commits once, and only then
//! answers: a refused change leaves no trace and does not disturb its neighbours, and nobody is told of a change that
//! is not on the disk. While one group is synced the next gathers, so throughput grows with load where a sync per
//! change would not. The thread ends when the last [`Writer`] handle is dropped.

use std::io;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use crate::store::StoreError;

/// How many changes may wait, and so the most that one commit holds. Who comes then waits for a place.
const WAITING_LIMIT: usize = 256;

const STOPPED: &str = "the writer has stopped";

/// Why a change was refused.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    /// The document is not as its writer expected.
    #[error("document {key} is not at the expected revision")]
    Conflict {
        /// The key.
        key: String,
    },
    /// SQLite refused.
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
}

impl Refusal {
    fn during(self, action: &'static str) -> StoreError {
        match self {
            Self::Conflict { key } => StoreError::Conflict { key },
            Self::Database(error) => StoreError::failed(action, error),
        }
    }
}

/// The way to the thread that writes.
pub(super) struct Writer {
    changes: mpsc::Sender<Box<dyn Change>>,
}

impl Writer {
    /// Starts the thread on `connection`.
    pub(super) fn start(connection: Connection) -> io::Result<Self> {
        let (changes, waiting) = mpsc::channel(WAITING_LIMIT);
        std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || run(connection, waiting))?;
        Ok(Self { changes })
    }

    /// Runs `work` in the next group; answers after its commit. A caller that goes away does not undo its change.
    pub(super) async fn submit<T, F>(&self, action: &'static str, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Refusal> + Send + 'static,
    {
        let (change, answer) = request(action, work);
        self.changes
            .send(change)
            .await
            .map_err(|_| StoreError::failed(action, STOPPED))?;
        answer
            .await
            .map_err(|_| StoreError::failed(action, STOPPED))?
    }
}

fn run(mut connection: Connection, mut waiting: mpsc::Receiver<Box<dyn Change>>) {
    while let Some(first) = waiting.blocking_recv() {
        let mut group = vec![first];
        while group.len() < WAITING_LIMIT
            && let Ok(next) = waiting.try_recv()
        {
            group.push(next);
        }
        commit(&mut connection, group);
    }
}

/// Makes a group of changes and tells every caller what became of its own.
fn commit(connection: &mut Connection, mut group: Vec<Box<dyn Change>>) {
    let committed = try_commit(connection, &mut group);
    for change in group {
        change.answer(committed.as_ref().copied().map_err(String::as_str));
    }
}

fn try_commit(connection: &mut Connection, group: &mut [Box<dyn Change>]) -> Result<(), String> {
    let mut transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(|error| error.to_string())?;
    for change in group {
        change.apply(&mut transaction)?;
    }
    transaction.commit().map_err(|error| error.to_string())
}

/// One caller's change, whatever it answers.
trait Change: Send {
    /// Makes the change in a savepoint. An error says why SQLite ended the whole transaction, as it does on a full
    /// disk (<https://www.sqlite.org/lang_transaction.html>): what follows would otherwise commit by itself.
    fn apply(&mut self, transaction: &mut Transaction<'_>) -> Result<(), String>;
    /// Tells the caller its outcome, or why the group was not committed.
    fn answer(self: Box<Self>, committed: Result<(), &str>);
}

struct Request<T, F> {
    action: &'static str,
    work: Option<F>,
    outcome: Result<T, StoreError>,
    caller: oneshot::Sender<Result<T, StoreError>>,
}

fn request<T, F>(
    action: &'static str,
    work: F,
) -> (Box<dyn Change>, oneshot::Receiver<Result<T, StoreError>>)
where
    T: Send + 'static,
    F: FnOnce(&Connection) -> Result<T, Refusal> + Send + 'static,
{
    let (caller, answer) = oneshot::channel();
    let request = Request {
        action,
        work: Some(work),
        outcome: Err(StoreError::failed(action, "it was not tried")),
        caller,
    };
    (Box::new(request), answer)
}

impl<T, F> Change for Request<T, F>
where
    T: Send,
    F: FnOnce(&Connection) -> Result<T, Refusal> + Send,
{
    fn apply(&mut self, transaction: &mut Transaction<'_>) -> Result<(), String> {
        let Some(work) = self.work.take() else {
            return Ok(());
        };
        self.outcome =
            in_savepoint(transaction, work).map_err(|refusal| refusal.during(self.action));
        match &self.outcome {
            Err(error) if transaction.is_autocommit() => Err(error.to_string()),
            _ => Ok(()),
        }
    }

    fn answer(self: Box<Self>, committed: Result<(), &str>) {
        let outcome = match committed {
            Ok(()) => self.outcome,
            Err(reason) => Err(StoreError::failed(self.action, reason)),
        };
        // A caller that stopped waiting needs no answer.
        let _ = self.caller.send(outcome);
    }
}

fn in_savepoint<T, F>(transaction: &mut Transaction<'_>, work: F) -> Result<T, Refusal>
where
    F: FnOnce(&Connection) -> Result<T, Refusal>,
{
    // Dropped without a commit, it rolls back.
    let savepoint = transaction.savepoint()?;
    let value = work(&savepoint)?;
    savepoint.commit()?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Answer = oneshot::Receiver<Result<(), StoreError>>;

    fn database() -> Connection {
        let connection = Connection::open_in_memory().expect("a database in memory");
        let schema = "PRAGMA foreign_keys = ON;
            CREATE TABLE item (name TEXT PRIMARY KEY) STRICT;
            CREATE TABLE child (item TEXT REFERENCES item (name) DEFERRABLE INITIALLY DEFERRED) STRICT;";
        connection.execute_batch(schema).expect("a schema");
        connection
    }

    fn statements(sql: &'static str) -> (Box<dyn Change>, Answer) {
        request("change items", move |connection| {
            Ok(connection.execute_batch(sql)?)
        })
    }

    fn commit_all(
        connection: &mut Connection,
        group: &[&'static str],
    ) -> Vec<Result<(), StoreError>> {
        let (changes, answers): (Vec<_>, Vec<_>) = group.iter().map(|sql| statements(sql)).unzip();
        commit(connection, changes);
        answers
            .into_iter()
            .map(|mut answer: Answer| answer.try_recv().expect("an answer"))
            .collect()
    }

    fn items(connection: &Connection) -> Vec<String> {
        let mut statement = connection
            .prepare("SELECT name FROM item ORDER BY name")
            .expect("a query");
        let names = statement.query_map([], |row| row.get(0)).expect("rows");
        names.collect::<rusqlite::Result<_>>().expect("names")
    }

    #[test]
    fn a_refused_change_leaves_no_trace_and_disturbs_nobody() {
        let mut connection = database();
        let outcomes = commit_all(
            &mut connection,
            &[
                "INSERT INTO item VALUES ('a')",
                "INSERT INTO item VALUES ('b'); INSERT INTO item VALUES ('a')",
                "INSERT INTO item VALUES ('c')",
            ],
        );
        assert!(
            matches!(outcomes[..], [Ok(()), Err(_), Ok(())]),
            "{outcomes:?}"
        );
        assert_eq!(items(&connection), ["a", "c"]);
    }

    #[test]
    fn nobody_is_told_of_a_change_whose_transaction_was_lost() {
        let mut connection = database();
        let outcomes = commit_all(
            &mut connection,
            &[
                "INSERT INTO item VALUES ('a')",
                "INSERT OR ROLLBACK INTO item VALUES ('a')",
                "INSERT INTO item VALUES ('c')",
            ],
        );
        for outcome in outcomes {
            let refused = outcome.expect_err("is lost").to_string();
            assert!(refused.contains("UNIQUE"), "{refused}");
        }
        assert!(items(&connection).is_empty());
        assert!(matches!(
            commit_all(&mut connection, &["INSERT INTO item VALUES ('d')"])[..],
            [Ok(())]
        ));
    }

    #[test]
    fn nobody_is_told_of_a_change_whose_commit_failed() {
        let mut connection = database();
        let outcomes = commit_all(
            &mut connection,
            &[
                "INSERT INTO item VALUES ('a')",
                "INSERT INTO child VALUES ('nobody')",
            ],
        );
        assert!(matches!(outcomes[..], [Err(_), Err(_)]), "{outcomes:?}");
        assert!(items(&connection).is_empty());
        assert!(matches!(
            commit_all(&mut connection, &["INSERT INTO item VALUES ('d')"])[..],
            [Ok(())]
        ));
    }

    #[test]
    fn a_change_whose_caller_left_is_made() {
        let (change, answer) = statements("INSERT INTO item VALUES ('a')");
        drop(answer);
        let mut connection = database();
        commit(&mut connection, vec![change]);
        assert_eq!(items(&connection), ["a"]);
    }
}
