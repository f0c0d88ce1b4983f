//! Gives up the calls that waited too long for memory. All wait equally long, so the first in the queue is the next to give up.
//!
//! Sandboxes that idle too long, or die, need no reaper: each has a task of its own (`slot`) that sees to it.

use std::sync::Arc;

use tokio::time::{Instant, sleep_until};

use super::Pool;
use crate::sandbox::Backend;

/// Runs until the pool is stopped.
pub(super) async fn give_up_waiting<B: Backend + 'static>(pool: Arc<Pool<B>>) {
    let stopped = pool.stopped.clone();
    let work = async {
        loop {
            let next = pool.lock().next_expiry();
            match next {
                Some(until) => sleep_until(until).await,
                None => pool.queued.notified().await,
            }
            let (given_up, steps) = pool.lock().give_up(Some(Instant::now()));
            pool.perform(steps);
            for call in given_up {
                pool.refuse(call);
            }
        }
    };
    stopped.run_until_cancelled(work).await;
}
