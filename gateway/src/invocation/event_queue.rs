//! Asynchronous events: durable before they are accepted, run at least once, retried as `retry` decides.
//!
//! A function's events all go to one of [`SHARDS`] queues, each with its own bound on what runs, so that a slow function delays
//! only its neighbours. A shard sleeps until an event is added, given back, or due; it never polls.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};

use super::event::Event;
use super::retry::{self, Attempt, Decision, Policy};
use super::runner::Runner;
use crate::auth::Identity;
use crate::function::FunctionError;
use crate::metric::record::Fact;
use crate::store::{Message, Queue, StoreError};

/// Queues that functions are spread over.
const SHARDS: usize = 8;
/// Events of one shard that run at the same time.
const RUNNING_PER_SHARD: usize = 64;
/// Events taken at once.
const BATCH: usize = 16;
/// Longer than any attempt: 900 s of handler, its initialisation, and the wait for room.
const LEASE: Duration = Duration::from_secs(1_200);
/// Age and retries as AWS has them unless configured:
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html>.
const MAX_AGE: Duration = Duration::from_secs(6 * 3_600);
/// See [`MAX_AGE`].
const RETRIES: u32 = 2;
/// Pause after a fault of the store.
const STORE_FAULT_PAUSE: Duration = Duration::from_secs(1);
/// A shard looks again after this long at the latest, so that a clock that jumps costs no more.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);
/// And after this long at the soonest, so that an event which is due but leased costs little.
const SHORTEST_SLEEP: Duration = Duration::from_millis(20);

struct Shard {
    name: String,
    added: Notify,
    room: Arc<Semaphore>,
}

/// The durable queues of events.
pub(super) struct EventQueue {
    queue: Arc<dyn Queue>,
    policy: Policy,
    shards: Vec<Shard>,
}

impl EventQueue {
    pub(super) fn new(queue: Arc<dyn Queue>, retry_delay: Duration) -> Self {
        let shard = |number| Shard {
            name: format!("async/{number}"),
            added: Notify::new(),
            room: Arc::new(Semaphore::new(RUNNING_PER_SHARD)),
        };
        Self {
            queue,
            policy: Policy {
                max_age: MAX_AGE,
                retries: RETRIES,
                delay: retry_delay,
            },
            shards: (0..SHARDS).map(shard).collect(),
        }
    }

    pub(super) async fn enqueue(&self, event: Event, now_ms: i64) -> Result<(), StoreError> {
        let mut hasher = DefaultHasher::new();
        event.function().hash(&mut hasher);
        let shard = &self.shards[(hasher.finish() % SHARDS as u64) as usize];
        let body = event.encode();
        self.queue
            .enqueue(&shard.name, body, now_ms, now_ms)
            .await?;
        shard.added.notify_one();
        Ok(())
    }

    /// Frees what a killed predecessor had leased, then works on every shard until the runner closes.
    pub(super) async fn consume(runner: Arc<Runner>) {
        let events = &runner.events;
        let now_ms = runner.destinations.clock.now_ms();
        while let Err(error) = events.queue.release_leases(now_ms).await {
            tracing::error!(%error, "release the leases of the last run");
            if pause(&runner, STORE_FAULT_PAUSE).await {
                return;
            }
        }
        for number in 0..SHARDS {
            runner
                .tasks
                .spawn(consume_shard(Arc::clone(&runner), number));
        }
    }

    async fn settle(&self, shard: &Shard, message: &Message, mut event: Event, decision: Decision) {
        let result = match decision {
            Decision::Ack | Decision::Drop => self.queue.ack(&shard.name, message.id).await,
            Decision::RetryAt(due_ms, history) => {
                event.head.history = history;
                let body = Some(event.encode());
                self.queue
                    .retry(&shard.name, message.id, due_ms, body)
                    .await
            }
        };
        if let Err(error) = result {
            tracing::error!(%error, request.id = event.head.request_id, "settle an asynchronous event; it runs again when its lease ends");
        }
        shard.added.notify_one();
    }
}

async fn consume_shard(runner: Arc<Runner>, number: usize) {
    let shard = &runner.events.shards[number];
    while !runner.closing.is_cancelled() {
        let room = tokio::select! {
            () = runner.closing.cancelled() => return,
            room = shard.room.acquire() => room,
        };
        drop(room);
        let limit = shard.room.available_permits().clamp(1, BATCH);
        let now_ms = runner.destinations.clock.now_ms();
        let leased = runner
            .events
            .queue
            .lease(&shard.name, now_ms, LEASE, limit)
            .await;
        let messages = match leased {
            Ok(messages) => messages,
            Err(error) => {
                tracing::error!(%error, "lease asynchronous events");
                pause(&runner, STORE_FAULT_PAUSE).await;
                continue;
            }
        };
        if messages.is_empty() {
            wait_for_work(&runner, shard).await;
        }
        for message in messages {
            let Ok(room) = Arc::clone(&shard.room).acquire_owned().await else {
                return;
            };
            let owned = Arc::clone(&runner);
            runner.tasks.spawn(async move {
                attempt(&owned, number, message).await;
                drop(room);
            });
        }
    }
}

/// Waits until something is added, due, or given back.
async fn wait_for_work(runner: &Runner, shard: &Shard) {
    let due_ms = runner.events.queue.next_due_ms(&shard.name).await;
    let sleep = match due_ms {
        Ok(Some(due_ms)) => {
            let wait_ms = due_ms.saturating_sub(runner.destinations.clock.now_ms());
            Duration::from_millis(u64::try_from(wait_ms).unwrap_or(0))
        }
        Ok(None) => LONGEST_SLEEP,
        Err(_) => STORE_FAULT_PAUSE,
    };
    tokio::select! {
        () = shard.added.notified() => {}
        () = runner.closing.cancelled() => {}
        () = tokio::time::sleep(sleep.clamp(SHORTEST_SLEEP, LONGEST_SLEEP)) => {}
    }
}

/// Sleeps; answers whether the runner closed meanwhile.
async fn pause(runner: &Runner, duration: Duration) -> bool {
    tokio::time::timeout(duration, runner.closing.cancelled())
        .await
        .is_ok()
}

async fn attempt(runner: &Arc<Runner>, number: usize, message: Message) {
    let events = &runner.events;
    let shard = &events.shards[number];
    let Some(event) = Event::decode(&message.body) else {
        tracing::error!(
            message.id,
            "an asynchronous event cannot be read and is removed"
        );
        if let Err(error) = events.queue.ack(&shard.name, message.id).await {
            tracing::error!(%error, "remove an unreadable event");
        }
        return;
    };
    let function = event.function();
    let qualifier = event.head.qualifier.clone();
    let started_ms = runner.destinations.clock.now_ms();
    let age_ms = started_ms.saturating_sub(event.head.accepted_ms);
    let age = Duration::from_millis(u64::try_from(age_ms).unwrap_or(0));
    runner.record(&function, qualifier.as_deref(), &Fact::AsyncAge(age));
    let ended = run_once(runner, &event).await;
    if ended == Attempt::NotRun && runner.closing.is_cancelled() {
        return; // Its lease is released at the next start.
    }
    let now_ms = runner.destinations.clock.now_ms();
    let decision = retry::decide(
        events.policy,
        event.head.accepted_ms,
        now_ms,
        event.head.history,
        ended,
    );
    if decision == Decision::Drop {
        runner.record(&function, qualifier.as_deref(), &Fact::AsyncDropped);
    }
    events.settle(shard, &message, event, decision).await;
}

async fn run_once(runner: &Arc<Runner>, event: &Event) -> Attempt {
    let function = event.function();
    let identity = Identity {
        account: function.account,
        region: function.region,
        access_key: String::new(),
    };
    let qualifier = event.head.qualifier.as_deref();
    let target = match runner
        .registry
        .resolve(&identity, &function.name, qualifier)
    {
        Ok(target) => target,
        Err(FunctionError::NotFound { .. }) => return Attempt::FunctionGone,
        // Such as a function that is being created: its time will come.
        Err(_) => return Attempt::NotRun,
    };
    let attempt = event.head.history.failures.saturating_add(1);
    match runner.invoke_event(event.request(target), attempt).await {
        Ok(response) if response.function_error.is_none() => Attempt::Succeeded,
        Ok(_) => Attempt::FunctionFailed,
        Err(_) => Attempt::NotRun,
    }
}
