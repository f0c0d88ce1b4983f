//! What the logs refuse. Knows no HTTP and no AWS code.

use super::acceptance::BatchError;
use crate::store::StoreError;

/// Why the logs did not do as asked; the words are AWS's.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// No such group.
    #[error("The specified log group does not exist.")]
    GroupNotFound,
    /// No such stream.
    #[error("The specified log stream does not exist.")]
    StreamNotFound,
    /// The group is there already.
    #[error("The specified log group already exists")]
    GroupExists,
    /// The stream is there already.
    #[error("The specified log stream already exists")]
    StreamExists,
    /// An account follows as much as it may in a region.
    #[error("Too many Live Tail sessions are open: at most {most} at the same time.")]
    TooManyTails {
        /// The limit.
        most: usize,
    },
    /// No such query, or none any more.
    #[error("The specified query does not exist.")]
    QueryNotFound,
    /// An account runs as many queries as it may in a region.
    #[error("Account maximum query concurrency limit of [{most}] reached.")]
    TooManyQueries {
        /// The limit.
        most: usize,
    },
    /// The batch of events is refused whole.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// The store's own fault.
    #[error(transparent)]
    Store(#[from] StoreError),
}
