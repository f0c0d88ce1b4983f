//! Changes of one thing take turns, while changes of most others go on beside them.
//!
//! A turn is a permit, not a lock: it is meant to be held while a task waits for the disk. A task holds at most one turn of one
//! [`Turns`], so no two can wait for each other.

use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Things are spread over so many queues.
const STRIPES: usize = 256;

/// Hands out turns.
pub(super) struct Turns {
    stripes: Vec<Arc<Semaphore>>,
}

impl Turns {
    pub(super) fn new() -> Self {
        let stripe = |_| Arc::new(Semaphore::new(1));
        Self {
            stripes: (0..STRIPES).map(stripe).collect(),
        }
    }

    /// Waits for the turn to change `thing`; dropping the permit ends it.
    pub(super) async fn take(&self, thing: &impl Hash) -> OwnedSemaphorePermit {
        let mut hasher = DefaultHasher::new();
        thing.hash(&mut hasher);
        let stripe = usize::try_from(hasher.finish() % STRIPES as u64).unwrap_or(0);
        Arc::clone(&self.stripes[stripe])
            .acquire_owned()
            .await
            .expect("turns are never closed")
    }
}
