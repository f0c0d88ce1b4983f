//! [`Runner`]: the way in for every call, synchronous and asynchronous, and the way out at a shutdown.

use std::sync::Arc;
use std::time::Duration;

use dashmap::DashMap;
use invoker::{InvokeError, Invoker, SandboxSpec};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::admission::{Admission, Limits, Permit};
use super::detached::Detached;
use super::event::Event;
use super::event_queue::EventQueue;
use super::log_sink::Destinations;
use super::streams::Streams;
use super::{Origin, Request, Response, RunError, account, environment, run};
use crate::clock::Clock;
use crate::function::{FunctionKey, FunctionVersion, Registry};
use crate::log::Logs;
use crate::metric::Metrics;
use crate::metric::record::{Fact, Subject};
use crate::record::Records;
use crate::store::Store;

/// Specs kept at most; beyond that they are built anew.
const MAX_SPECS: usize = 4_096;

/// What a runner works with.
pub struct RunnerConfig {
    /// Deployed functions.
    pub registry: Arc<Registry>,
    /// Runs sandboxes.
    pub invoker: Arc<Invoker>,
    /// Takes the functions' logs.
    pub logs: Arc<Logs>,
    /// Takes the functions' metrics.
    pub metrics: Arc<Metrics>,
    /// Takes the records of invocations.
    pub records: Arc<Records>,
    /// Holds asynchronous events.
    pub store: Store,
    /// Time.
    pub clock: Clock,
    /// How many calls an account may run in a region at the same time.
    pub account_concurrency: u32,
    /// How long a failed asynchronous event waits for its first retry; the second waits twice as long.
    pub async_retry_delay: Duration,
    /// Where functions reach this server, when they have a network of their own.
    pub functions_endpoint: Option<String>,
}

/// Runs invocations, synchronous and asynchronous.
pub struct Runner {
    pub(super) registry: Arc<Registry>,
    pub(super) invoker: Arc<Invoker>,
    pub(super) destinations: Destinations,
    pub(super) records: Arc<Records>,
    pub(super) events: EventQueue,
    pub(super) closing: CancellationToken,
    pub(super) tasks: TaskTracker,
    account_concurrency: u32,
    functions_endpoint: Option<String>,
    admission: Arc<Admission>,
    specs: DashMap<String, Arc<SandboxSpec>>,
}

impl Runner {
    /// A runner that works on the events which the last run left. Must be called within a tokio runtime.
    pub fn start(config: RunnerConfig) -> Arc<Self> {
        let runner = Arc::new(Self {
            registry: config.registry,
            invoker: config.invoker,
            destinations: Destinations {
                logs: config.logs,
                metrics: config.metrics,
                streams: Arc::new(Streams::default()),
                clock: config.clock,
            },
            records: config.records,
            events: EventQueue::new(config.store.queue, config.async_retry_delay),
            closing: CancellationToken::new(),
            tasks: TaskTracker::new(),
            account_concurrency: config.account_concurrency,
            functions_endpoint: config.functions_endpoint,
            admission: Arc::new(Admission::default()),
            specs: DashMap::new(),
        });
        runner.tasks.spawn(EventQueue::consume(Arc::clone(&runner)));
        runner
    }

    /// Runs a call to its end: a caller that goes away does not cancel it.
    ///
    /// # Errors
    /// Throttled, or our own fault.
    pub async fn invoke(self: &Arc<Self>, request: Request) -> Result<Response, RunError> {
        if self.closing.is_cancelled() {
            return Err(RunError::ShuttingDown);
        }
        let permit = self.admit(&request)?;
        let run = run::run(Arc::clone(self), request, Origin::Caller, permit);
        Detached::new(&self.tasks, run).await
    }

    /// Runs an event of the queue; unlike a caller's, one that is throttled is noted, as its caller waits for no answer.
    pub(super) async fn invoke_event(
        self: &Arc<Self>,
        request: Request,
        attempt: u32,
    ) -> Result<Response, RunError> {
        if self.closing.is_cancelled() {
            return Err(RunError::ShuttingDown);
        }
        let origin = Origin::Event { attempt };
        match self.admit(&request) {
            Ok(permit) => run::run(Arc::clone(self), request, origin, permit).await,
            Err(throttled) => {
                let now_ms = self.destinations.clock.now_ms();
                let mut draft = account::begun(&request, origin, now_ms);
                account::not_run(&mut draft, &throttled);
                self.records.add(draft);
                Err(throttled)
            }
        }
    }

    /// Accepts a call to be run later; durable when it returns.
    ///
    /// # Errors
    /// The store's fault, or the server is stopping.
    pub async fn enqueue(self: &Arc<Self>, request: Request) -> Result<(), RunError> {
        if self.closing.is_cancelled() {
            return Err(RunError::ShuttingDown);
        }
        let target = request.target.clone();
        let now_ms = self.destinations.clock.now_ms();
        self.events
            .enqueue(Event::new(request, now_ms), now_ms)
            .await?;
        let qualifier = target.qualifier.as_deref();
        self.record(&target.version.key, qualifier, &Fact::AsyncReceived);
        Ok(())
    }

    /// Takes no new work, waits at most `grace` for what runs.
    pub async fn drain(&self, grace: Duration) {
        self.closing.cancel();
        self.tasks.close();
        if tokio::time::timeout(grace, self.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!(
                tasks = self.tasks.len(),
                "invocations still run after the grace period"
            );
        }
    }

    fn admit(&self, request: &Request) -> Result<Permit, RunError> {
        let key = &request.target.version.key;
        let qualifier = request.target.qualifier.as_deref();
        let limits = Limits {
            account: self.account_concurrency,
            reserved: self.registry.reserved_concurrency(key),
            total_reserved: self.registry.total_reserved(&key.account, &key.region),
        };
        match self.admission.admit(key, limits) {
            Ok((permit, running)) => {
                let fact = Fact::Running {
                    function: running.function,
                    account: running.account,
                    unreserved: running.unreserved,
                };
                self.record(key, qualifier, &fact);
                Ok(permit)
            }
            Err(throttle) => {
                self.record(key, qualifier, &Fact::Throttled);
                let reason = throttle.reason();
                Err(RunError::Throttled { reason })
            }
        }
    }

    /// The spec of a version, built once for each of its revisions.
    pub(super) fn spec(&self, version: &FunctionVersion) -> Result<Arc<SandboxSpec>, InvokeError> {
        let pool_id = version.pool_id();
        if let Some(spec) = self.specs.get(&pool_id)
            && spec.revision == version.revision
            && spec.network == version.network
        {
            return Ok(Arc::clone(&spec));
        }
        let spec = Arc::new(environment::sandbox_spec(
            version,
            self.functions_endpoint.as_deref(),
        )?);
        if self.specs.len() >= MAX_SPECS {
            self.specs.clear();
        }
        self.specs.insert(pool_id, Arc::clone(&spec));
        Ok(spec)
    }

    /// Records a fact about a function.
    pub(super) fn record(&self, function: &FunctionKey, qualifier: Option<&str>, fact: &Fact) {
        let subject = Subject {
            function,
            qualifier,
        };
        self.destinations.metrics.observe(&subject, fact);
    }
}
