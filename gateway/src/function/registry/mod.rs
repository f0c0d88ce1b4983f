//! The registry: every deployed function, in memory for reading, written through to the store.
//!
//! A change: wait for the function's turn, make a new document of the old one (pure), write it if nobody else did, put it into
//! `index`, then act (let sandboxes go, count packages). It runs in a task of its own, so that a caller who goes away leaves
//! memory and store alike. `deploy` brings functions to the state that a change asked for, also after a crash.

mod aliases;
mod concurrency;
mod create;
mod delete;
mod deploy;
mod index;
mod list;
mod network;
mod permissions;
mod persist;
mod publish;
mod put;
mod read;
mod recording;
mod resolve;
mod tags;
mod test_events;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod update;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use aliases::{AliasChange, NewAlias};
pub use concurrency::AccountSettings;
pub use create::NewFunction;
pub use list::{Page, PageRequest};
pub use put::PutFunction;
pub use read::FunctionView;
pub use resolve::Target;
pub use test_events::TestEvent;
pub use update::CodeUpdate;

use self::index::Index;
use super::host::{Host, ThisHost};
use super::link::SECRET_BYTES;
use super::requirements::Requirements;
use super::shelf::Shelf;
use super::turns::Turns;
use super::{FunctionError, FunctionKey};
use crate::auth::Identity;
use crate::clock::Clock;
use crate::store::Store;

/// What a registry works with.
pub struct RegistryConfig {
    /// Holds the functions.
    pub store: Store,
    /// Time.
    pub clock: Clock,
    /// Runs sandboxes.
    pub invoker: Arc<invoker::Invoker>,
    /// Resolves requirements.
    pub requirements: Arc<Requirements>,
    /// How many calls an account may run in a region at the same time.
    pub account_concurrency: u32,
}

/// Every deployed function, in memory, written through to the store.
pub struct Registry {
    store: Store,
    clock: Clock,
    host: Arc<dyn Host>,
    account_concurrency: u32,
    index: Index,
    shelf: Arc<Shelf>,
    turns: Turns,
    /// Changes of reservations are counted against each other: one at a time.
    reservations: Arc<Semaphore>,
    deploys: Semaphore,
    link_secret: [u8; SECRET_BYTES],
    tasks: TaskTracker,
    closing: CancellationToken,
}

impl Registry {
    /// Loads every function and goes on with the deploys that the last run left. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// The store, or a function in it that this version cannot read.
    pub async fn open(config: RegistryConfig) -> Result<Arc<Self>, FunctionError> {
        let host = ThisHost {
            invoker: config.invoker,
            requirements: config.requirements,
        };
        let limit = config.account_concurrency;
        Self::start(config.store, config.clock, Arc::new(host), limit).await
    }

    async fn start(
        store: Store,
        clock: Clock,
        host: Arc<dyn Host>,
        account_concurrency: u32,
    ) -> Result<Arc<Self>, FunctionError> {
        let link_secret = persist::link_secret(&store).await?;
        let shelf = Shelf::open(Arc::clone(&store.blobs), &store.folder)?;
        let registry = Arc::new(Self {
            shelf: Arc::new(shelf),
            store,
            clock,
            host,
            account_concurrency,
            index: Index::default(),
            turns: Turns::new(),
            reservations: Arc::new(Semaphore::new(1)),
            deploys: Semaphore::new(deploy::AT_ONCE),
            link_secret,
            tasks: TaskTracker::new(),
            closing: CancellationToken::new(),
        });
        let unfinished = registry.load().await?;
        registry.shelf.settle().await?;
        for (key, deploy) in unfinished.deploys {
            registry.spawn_deploy(key, deploy);
        }
        registry.deploy_again(unfinished.lacking_runtime).await?;
        let sweeper = Arc::clone(&registry);
        registry
            .tasks
            .spawn(async move { sweeper.keep_sweeping().await });
        Ok(registry)
    }

    /// Waits at most `grace` for the changes and deploys that go on; what is not done then goes on at the next start.
    pub async fn drain(&self, grace: Duration) {
        self.closing.cancel();
        self.tasks.close();
        if tokio::time::timeout(grace, self.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!(
                tasks = self.tasks.len(),
                "deploys still run after the grace period; they go on at the next start"
            );
        }
    }

    /// Runs a change in a task of its own: its caller may go away.
    async fn detached<T: Send + 'static>(
        &self,
        change: impl Future<Output = Result<T, FunctionError>> + Send + 'static,
    ) -> Result<T, FunctionError> {
        let task = self.tasks.spawn(change);
        task.await
            .unwrap_or_else(|error| Err(FunctionError::Interrupted(error.to_string())))
    }
}

/// The key of the caller's function with this name.
fn key_of(identity: &Identity, name: &str) -> FunctionKey {
    FunctionKey {
        account: identity.account.clone(),
        region: identity.region.clone(),
        name: name.to_owned(),
    }
}
