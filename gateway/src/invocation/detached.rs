//! A future that outlives whoever waits for it: polled in place as long as it is waited for, finished by a task of its own when
//! the waiting ends early.
//!
//! A task from the start would cost every call two hand-overs between threads, for the sake of the few whose callers hang up.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// Work that ends whether or not it is waited for.
pub(super) struct Detached<F: Future<Output: Send> + Send + 'static> {
    work: Option<Pin<Box<F>>>,
    /// Counts the work among the tracker's while it is polled in place.
    _token: TaskTrackerToken,
    tracker: TaskTracker,
}

impl<F: Future<Output: Send> + Send + 'static> Detached<F> {
    /// `work`, counted by `tracker` until it ends.
    pub(super) fn new(tracker: &TaskTracker, work: F) -> Self {
        Self {
            work: Some(Box::pin(work)),
            _token: tracker.token(),
            tracker: tracker.clone(),
        }
    }
}

impl<F: Future<Output: Send> + Send + 'static> Future for Detached<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let work = self
            .work
            .as_mut()
            .expect("a future is not polled after its end");
        let ended = work.as_mut().poll(context);
        if ended.is_ready() {
            self.work = None;
        }
        ended
    }
}

impl<F: Future<Output: Send> + Send + 'static> Drop for Detached<F> {
    fn drop(&mut self) {
        // While a panic unwinds the work is broken; without a runtime nothing could go on anyway.
        if let Some(work) = self.work.take()
            && !std::thread::panicking()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            self.tracker.spawn_on(work, &runtime);
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn it_ends_when_nobody_waits_any_more() {
        let tracker = TaskTracker::new();
        let (start, started) = oneshot::channel::<()>();
        let (end, ended) = oneshot::channel();
        let work = async move {
            started.await.unwrap();
            end.send(7).unwrap();
        };
        let mut detached = Box::pin(Detached::new(&tracker, work));
        tokio::select! {
            biased;
            () = &mut detached => panic!("nothing has let it end"),
            () = std::future::ready(()) => {}
        }
        assert_eq!(tracker.len(), 1);
        drop(detached);
        start.send(()).unwrap();
        assert_eq!(ended.await, Ok(7));
        tracker.close();
        tracker.wait().await;
    }

    #[tokio::test]
    async fn what_is_waited_for_is_no_task() {
        let tracker = TaskTracker::new();
        assert_eq!(Detached::new(&tracker, async { 1 }).await, 1);
        assert!(tracker.is_empty());
    }
}
