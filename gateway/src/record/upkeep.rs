//! The long-lived task of the records: it writes what is buffered, and removes what is over a bound.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;

use super::Records;
use crate::store::StoreError;

/// Records of this long a time are written at once.
const FLUSH_PERIOD: Duration = Duration::from_millis(250);
/// How often what expired is looked for when nothing is added.
const UPKEEP_PERIOD: Duration = Duration::from_secs(60 * 60);

impl Records {
    /// Writes what is buffered within the flush period, removes what is too much then and what is too old hourly; returns after a last
    /// flush once `closing` fires.
    pub async fn maintain(self: Arc<Self>, closing: CancellationToken) {
        let mut upkeep_due = Instant::now();
        loop {
            let is_due = Instant::now() >= upkeep_due;
            if is_due {
                upkeep_due += UPKEEP_PERIOD;
            }
            if let Err(error) = self.trim(is_due).await {
                tracing::warn!(%error, "surplus invocation records not removed; tried again later");
            }
            let cause = async {
                let added = timeout_at(upkeep_due, self.added.notified());
                if added.await.is_ok() {
                    sleep(FLUSH_PERIOD).await;
                }
            };
            if closing.run_until_cancelled(cause).await.is_none() {
                break;
            }
        }
        self.flush().await;
    }

    /// Writes what is buffered; removes what is too much and, where asked for, what is too old.
    pub(super) async fn trim(self: &Arc<Self>, old: bool) -> Result<(), StoreError> {
        let mut held = self.held().await?;
        let index = held.index();
        let mut cuts = match old {
            true => index.cut_old(self.clock.now_ms()),
            false => Vec::new(),
        };
        cuts.extend(index.cut_surplus());
        // While others read and write: nothing leads there any more.
        drop(held);
        self.ledger.trim(&cuts).await?;
        loop {
            let mut held = self.held().await?;
            let Some(function) = held.index().empty_trail() else {
                return Ok(());
            };
            self.ledger.forget(&function).await?;
            held.index().end_trail(&function);
        }
    }
}
