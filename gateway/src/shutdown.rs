//! From a signal to a clean end: SIGTERM and Ctrl-C cancel one token, long-lived tasks end by it and are awaited.
//!
//! The only place that spawns long-lived tasks.

use std::future::Future;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The process's long-lived tasks, and the token that ends them.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    closing: CancellationToken,
}

impl Tasks {
    /// The token that ends the tasks.
    pub fn closing(&self) -> CancellationToken {
        self.closing.clone()
    }

    /// Starts a task, which must end soon after the token is cancelled.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(task);
    }

    /// Cancels the token and waits, at most for `grace`; answers whether all have ended.
    pub async fn close(&self, grace: Duration) -> bool {
        self.closing.cancel();
        self.tracker.close();
        tokio::time::timeout(grace, self.tracker.wait())
            .await
            .is_ok()
    }
}

/// Waits for SIGTERM or SIGINT.
///
/// # Errors
/// The handlers cannot be installed.
pub fn stop_signal() -> std::io::Result<impl Future<Output = &'static str>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        }
    })
}
