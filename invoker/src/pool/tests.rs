//! The pool on sandboxes that are no processes: what a handler does is the event, what initialisation does is the handler's name.

mod register;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use bytes::Bytes;

use super::*;
use crate::StartPath;
use crate::sandbox::{MemoryGauge, Sandbox, Started};
use crate::{
    ColdStartReason, Ending, ExitStatus, InvocationContext, OutputLine, OutputSink, PythonVersion,
};

/// Counts what became of its sandboxes.
#[derive(Default)]
struct Fake {
    alive: AtomicUsize,
    starts: AtomicUsize,
    most_starting: AtomicUsize,
    starting: AtomicUsize,
    pauses: AtomicUsize,
    /// Idle sandboxes die when it is told.
    death: Arc<Notify>,
    /// Events `wait` end when it is told.
    go: Arc<Notify>,
}

struct FakeSandbox {
    id: String,
    backend: Arc<Fake>,
}

#[async_trait]
impl Backend for Arc<Fake> {
    type Sandbox = FakeSandbox;

    async fn start(
        &self,
        id: String,
        spec: Arc<SandboxSpec>,
        output: Arc<dyn OutputSink>,
    ) -> Result<Started<FakeSandbox>, InvokeError> {
        let attempt = self.starts.fetch_add(1, Ordering::SeqCst);
        let starting = self.starting.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_starting.fetch_max(starting, Ordering::SeqCst);
        tokio::task::yield_now().await;
        let limit = spec.init_timeout;
        let (wait, ending) = match spec.handler.as_str() {
            "fails" => (0, Some(Ending::InitFailed(Bytes::from_static(b"{}")))),
            "exits" => (0, Some(Ending::Exited(ExitStatus::Code(1)))),
            "exits once" if attempt == 0 => (0, Some(Ending::Exited(ExitStatus::Code(1)))),
            "hangs" => (1_000_000, None),
            "slow" => (20, None),
            "slower" => (1, None),
            "broken" => return Err(InvokeError::Sandbox("broken".into())),
            _ => (0, None),
        };
        let init = Duration::from_secs(wait);
        if spec.handler == "forks slowly" {
            tokio::time::sleep(Duration::from_secs(4)).await;
        }
        tokio::time::sleep(init.min(limit)).await;
        self.starting.fetch_sub(1, Ordering::SeqCst);
        let ending = ending.or((init > limit).then_some(Ending::TimedOut));
        output.line(OutputLine {
            time: std::time::SystemTime::now(),
            text: "init".into(),
        });
        if let Some(ending) = ending {
            return Ok(Started::Failed {
                ending,
                init: init.min(limit),
                path: StartPath::PoolMiss,
                max_memory_bytes: 7,
            });
        }
        self.alive.fetch_add(1, Ordering::SeqCst);
        let backend = Arc::clone(self);
        Ok(Started::Ready {
            sandbox: FakeSandbox { id, backend },
            init,
            path: StartPath::PoolHit,
        })
    }
}

#[async_trait]
impl Sandbox for FakeSandbox {
    fn id(&self) -> &str {
        &self.id
    }

    async fn invoke(&mut self, invocation: Invocation) -> (Ending, Duration) {
        let ending = match &invocation.payload[..] {
            b"wait" => {
                self.backend.go.notified().await;
                Ending::Returned(invocation.payload)
            }
            b"time out" => {
                tokio::time::sleep(invocation.timeout).await;
                Ending::TimedOut
            }
            b"exit" => Ending::Exited(ExitStatus::Code(1)),
            b"memory" => Ending::OutOfMemory,
            b"raise" => Ending::HandlerFailed(invocation.payload),
            _ => Ending::Returned(invocation.payload),
        };
        (ending, Duration::from_millis(3))
    }

    fn max_memory_bytes(&self) -> u64 {
        5
    }

    fn gauge(&self) -> Box<dyn MemoryGauge> {
        Box::new(FakeGauge)
    }

    fn pause(&mut self) {
        self.backend.pauses.fetch_add(1, Ordering::Relaxed);
    }

    async fn exited(&mut self) -> ExitStatus {
        self.backend.death.notified().await;
        ExitStatus::Signal(9)
    }

    async fn destroy(self) {
        self.backend.alive.fetch_sub(1, Ordering::SeqCst);
    }
}

struct FakeGauge;

impl MemoryGauge for FakeGauge {
    fn memory_bytes(&self) -> Option<u64> {
        Some(3)
    }
}

#[derive(Default)]
struct Seen(Mutex<Vec<String>>);

impl OutputSink for Seen {
    fn started(&self, _: &str, cold: bool) {
        let word = if cold { "cold" } else { "warm" };
        self.0.lock().expect("no panic").push(word.into());
    }
    fn line(&self, line: OutputLine) {
        self.0.lock().expect("no panic").push(line.text);
    }
    fn dropped(&self, _: u64, _: u64) {}
}

struct Bench {
    fake: Arc<Fake>,
    pool: Arc<Pool<Arc<Fake>>>,
}

impl Bench {
    fn new() -> Self {
        Self::with(PoolConfig {
            memory_budget_mib: 384,
            keep_alive: Duration::from_secs(60),
            capacity_wait: Duration::from_secs(5),
            concurrent_starts: 2,
        })
    }

    fn with(config: PoolConfig) -> Self {
        let fake = Arc::new(Fake::default());
        let pool = Pool::new(Arc::new(Arc::clone(&fake)), config);
        Self { fake, pool }
    }

    async fn call(&self, spec: &Arc<SandboxSpec>, event: &'static str) -> Outcome {
        let outcome = self.pool.invoke(spec, invocation(event)).await;
        outcome.expect("the pool has room")
    }

    /// Begins a call that waits for `go`, and waits until it runs.
    async fn hold(&self, spec: &Arc<SandboxSpec>) -> tokio::task::JoinHandle<Outcome> {
        let (pool, spec) = (Arc::clone(&self.pool), Arc::clone(spec));
        let task = tokio::spawn(async move {
            let outcome = pool.invoke(&spec, invocation("wait")).await;
            outcome.expect("the pool has room")
        });
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        task
    }

    fn counts(&self) -> (usize, usize) {
        let snapshot = self.pool.snapshot();
        (snapshot.busy, snapshot.idle)
    }
}

fn invocation(event: &'static str) -> Invocation {
    Invocation {
        payload: Bytes::from_static(event.as_bytes()),
        timeout: Duration::from_secs(3),
        context: InvocationContext::default(),
        output: Arc::new(Seen::default()),
    }
}

fn spec(function: &str, revision: &str, handler: &str) -> Arc<SandboxSpec> {
    Arc::new(SandboxSpec {
        owner: "owner".into(),
        function: function.into(),
        revision: revision.into(),
        runtime: PythonVersion {
            major: 3,
            minor: 12,
        },
        handler: handler.into(),
        code: "/code".into(),
        libraries: Vec::new(),
        memory_mib: 128,
        tmp_mib: 512,
        environment: BTreeMap::new(),
        templated: BTreeMap::new(),
        init_timeout: Duration::from_secs(10),
        network: crate::NetworkMode::Host,
        json_logs: false,
    })
}

fn reason(outcome: &Outcome) -> Option<ColdStartReason> {
    outcome.usage.cold_start.as_ref().map(|cold| cold.reason)
}

#[tokio::test(start_paused = true)]
async fn a_sandbox_is_reused_for_equal_specs_only() {
    let bench = Bench::new();
    let first = bench.call(&spec("f", "1", "ok"), "x").await;
    let second = bench.call(&spec("f", "1", "ok"), "raise").await;
    let third = bench.call(&spec("f", "1", "ok"), "x").await;
    assert_eq!(reason(&first), Some(ColdStartReason::First));
    assert_eq!((reason(&second), reason(&third)), (None, None));
    assert!(first.sandbox == second.sandbox && second.sandbox == third.sandbox);
    let changed = bench.call(&spec("f", "2", "ok"), "x").await;
    assert_eq!(
        reason(&changed),
        Some(ColdStartReason::ConfigurationChanged)
    );
    let other = bench.call(&spec("g", "1", "ok"), "x").await;
    assert_eq!(reason(&other), Some(ColdStartReason::First));
    assert_eq!(other.usage.max_memory_bytes, 5);
    tokio::task::yield_now().await;
    assert_eq!(
        bench.fake.alive.load(Ordering::SeqCst),
        2,
        "the old revision ended"
    );
}

#[tokio::test(start_paused = true)]
async fn the_most_recently_used_sandbox_serves_and_one_call_at_a_time() {
    let bench = Bench::new();
    let f = spec("f", "1", "ok");
    let (one, two) = (bench.hold(&f).await, bench.hold(&f).await);
    assert_eq!(bench.counts(), (2, 0));
    bench.fake.go.notify_waiters();
    let (one, two) = (one.await.expect("ran"), two.await.expect("ran"));
    assert_ne!(one.sandbox, two.sandbox);
    assert_eq!(reason(&two), Some(ColdStartReason::ScaleOut));
    assert_eq!(bench.counts(), (0, 2));
    let last = bench.hold(&f).await;
    bench.fake.go.notify_one();
    let last = last.await.expect("ran").sandbox;
    assert_eq!(bench.call(&f, "x").await.sandbox, last);
}

#[tokio::test(start_paused = true)]
async fn dead_sandboxes_are_never_reused() {
    let bench = Bench::new();
    for event in ["time out", "exit", "memory"] {
        let f = spec(event, "1", "ok");
        let dead = bench.call(&f, event).await;
        let next = bench.call(&f, "x").await;
        assert_ne!(dead.sandbox, next.sandbox);
        assert_eq!(reason(&next), Some(ColdStartReason::Crashed));
    }
}

#[tokio::test(start_paused = true)]
async fn idle_sandboxes_expire_and_die() {
    let bench = Bench::new();
    let f = spec("f", "1", "ok");
    bench.call(&f, "x").await;
    tokio::time::sleep(Duration::from_secs(50)).await;
    assert_eq!(reason(&bench.call(&f, "x").await), None);
    tokio::time::sleep(Duration::from_secs(50)).await;
    assert_eq!(
        bench.counts(),
        (0, 1),
        "its time began again with the last call"
    );
    tokio::time::sleep(Duration::from_secs(11)).await;
    assert_eq!(bench.counts(), (0, 0));
    assert_eq!(bench.fake.alive.load(Ordering::SeqCst), 0);
    assert_eq!(
        reason(&bench.call(&f, "x").await),
        Some(ColdStartReason::Expired)
    );
    bench.fake.death.notify_waiters();
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(bench.counts(), (0, 0));
    assert_eq!(
        reason(&bench.call(&f, "x").await),
        Some(ColdStartReason::Crashed)
    );
}

#[tokio::test(start_paused = true)]
async fn idle_sandboxes_make_room_oldest_first() {
    let bench = Bench::new();
    for name in ["a", "b", "c"] {
        bench.call(&spec(name, "1", "ok"), "x").await;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(
        bench
            .call(&spec("a", "1", "ok"), "x")
            .await
            .usage
            .cold_start,
        None
    );
    bench.call(&spec("d", "1", "ok"), "x").await;
    assert_eq!(bench.pool.snapshot().memory_mib, 384);
    assert_eq!(
        bench
            .call(&spec("a", "1", "ok"), "x")
            .await
            .usage
            .cold_start,
        None
    );
    let evicted = bench.call(&spec("b", "1", "ok"), "x").await;
    assert_eq!(reason(&evicted), Some(ColdStartReason::Evicted));
}

#[tokio::test(start_paused = true)]
async fn a_cold_call_tells_its_wait_from_its_start() {
    let bench = Bench::new();
    let f = spec("f", "1", "ok");
    for _ in 0..3 {
        bench.hold(&f).await;
    }
    let waits = bench.hold(&spec("g", "1", "forks slowly")).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    bench.fake.go.notify_waiters();
    tokio::time::sleep(Duration::from_secs(5)).await;
    bench.fake.go.notify_waiters();
    let usage = waits.await.expect("ran").usage;
    let cold = usage.cold_start.expect("is cold");
    let seconds = [usage.queued, cold.start, cold.init].map(|time| time.as_secs());
    assert_eq!(seconds, [2, 4, 0]);
}

#[tokio::test(start_paused = true)]
async fn calls_wait_for_memory_and_then_give_up() {
    let bench = Bench::new();
    let f = spec("f", "1", "ok");
    let held = [
        bench.hold(&f).await,
        bench.hold(&f).await,
        bench.hold(&f).await,
    ];
    let waits = bench.pool.invoke(&f, invocation("x"));
    let begun = Instant::now();
    let refusal = waits.await.expect_err("all is in use");
    assert_eq!(
        refusal.to_string(),
        "no memory for another sandbox: 128 MiB wanted, the budget of 384 MiB is in use"
    );
    assert_eq!(begun.elapsed().as_secs(), 5);
    // One that is freed serves a waiting call of its function at once; another function's waits for memory.
    let mine = bench.hold(&f).await;
    let other = bench.hold(&spec("g", "1", "ok")).await;
    bench.fake.go.notify_one();
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    bench.fake.go.notify_waiters();
    assert_eq!(reason(&mine.await.expect("ran")), None);
    for one in held {
        one.await.expect("ran");
    }
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    bench.fake.go.notify_waiters();
    assert_eq!(
        reason(&other.await.expect("ran")),
        Some(ColdStartReason::First)
    );
}

#[tokio::test(start_paused = true)]
async fn a_function_larger_than_the_budget_is_refused_at_once() {
    let bench = Bench::new();
    let large = Arc::new(SandboxSpec {
        memory_mib: 385,
        ..SandboxSpec::clone(&spec("f", "1", "ok"))
    });
    let begun = Instant::now();
    let refusal = bench.pool.invoke(&large, invocation("x")).await;
    assert!(matches!(refusal, Err(InvokeError::NoCapacity { .. })));
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn starts_are_bounded_but_a_slow_one_lends_its_place() {
    let bench = Bench::with(PoolConfig {
        memory_budget_mib: 100_000,
        keep_alive: Duration::from_secs(60),
        capacity_wait: Duration::from_secs(100),
        concurrent_starts: 2,
    });
    let burst = |name: &str, handler: &str| {
        let spec = spec(name, "1", handler);
        (0..20)
            .map(|_| {
                let (pool, spec) = (Arc::clone(&bench.pool), Arc::clone(&spec));
                tokio::spawn(async move { pool.invoke(&spec, invocation("x")).await })
            })
            .collect::<Vec<_>>()
    };
    for task in burst("quick", "ok") {
        task.await.expect("ran").expect("room");
    }
    assert_eq!(bench.fake.most_starting.load(Ordering::SeqCst), 2);
    let begun = Instant::now();
    let slow = burst("slow", "slow");
    for task in burst("other", "ok") {
        task.await.expect("ran").expect("room");
    }
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
    for task in slow {
        task.await.expect("ran").expect("room");
    }
}

#[tokio::test(start_paused = true)]
async fn initialisation_is_repeated_once_within_the_call() {
    let bench = Bench::new();
    let failed = bench.call(&spec("a", "1", "fails"), "x").await;
    assert_eq!(failed.ending, Ending::InitFailed(Bytes::from_static(b"{}")));
    assert_eq!(failed.usage.max_memory_bytes, 7);
    assert_eq!(bench.fake.starts.swap(0, Ordering::SeqCst), 1);
    let exits = bench.call(&spec("b", "1", "exits"), "x").await;
    assert_eq!(exits.ending, Ending::Exited(ExitStatus::Code(1)));
    assert_eq!(bench.fake.starts.swap(0, Ordering::SeqCst), 2);
    let recovers = bench.call(&spec("c", "1", "exits once"), "x").await;
    assert_eq!(recovers.ending, Ending::Returned("x".into()));
    let hangs = bench.call(&spec("d", "1", "hangs"), "x").await;
    assert_eq!(hangs.ending, Ending::TimedOut);
    assert_eq!(hangs.usage.duration, Duration::from_secs(3));
    let init = hangs.usage.cold_start.expect("cold").init;
    assert_eq!(init, Duration::from_secs(10));
    let broken = spec("e", "1", "broken");
    let broken = bench.pool.invoke(&broken, invocation("x")).await;
    assert!(matches!(broken, Err(InvokeError::Sandbox(_))));
    assert_eq!(
        (bench.counts(), bench.pool.snapshot().memory_mib),
        ((0, 1), 128)
    );
}

#[tokio::test(start_paused = true)]
async fn the_sink_hears_of_the_sandbox_before_its_lines() {
    let bench = Bench::new();
    for expected in [&["cold", "init"][..], &["warm"][..]] {
        let seen = Arc::new(Seen::default());
        let call = Invocation {
            output: Arc::clone(&seen) as Arc<dyn OutputSink>,
            ..invocation("x")
        };
        bench
            .pool
            .invoke(&spec("f", "1", "ok"), call)
            .await
            .expect("room");
        assert_eq!(*seen.0.lock().expect("no panic"), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn going_away_cancels_nothing() {
    let bench = Bench::new();
    let f = spec("f", "1", "ok");
    let held = bench.hold(&f).await;
    held.abort();
    tokio::task::yield_now().await;
    assert_eq!(bench.counts(), (1, 0));
    bench.fake.go.notify_one();
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(bench.counts(), (0, 1), "the call ran to its end");
}

#[tokio::test(start_paused = true)]
async fn a_retired_function_keeps_no_sandbox() {
    let bench = Bench::new();
    let f = spec("f", "1", "ok");
    bench.call(&f, "x").await;
    let held = bench.hold(&f).await;
    let idle = bench.hold(&f).await;
    bench.fake.go.notify_one();
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(bench.counts(), (1, 1));
    bench.pool.retire("f").await;
    assert_eq!(bench.counts(), (1, 0));
    bench.fake.go.notify_waiters();
    held.await.expect("ran");
    idle.await.expect("ran");
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(
        (bench.counts(), bench.fake.alive.load(Ordering::SeqCst)),
        ((0, 0), 0)
    );
    assert_eq!(
        reason(&bench.call(&f, "x").await),
        Some(ColdStartReason::ConfigurationChanged)
    );
}

#[tokio::test(start_paused = true)]
async fn a_drain_waits_then_ends_what_is_left() {
    let bench = Bench::new();
    let f = spec("f", "1", "ok");
    bench.call(&spec("g", "1", "ok"), "x").await;
    let finishes = bench.hold(&f).await;
    let pool = Arc::clone(&bench.pool);
    let stuck = tokio::spawn(async move { pool.invoke(&f, invocation("wait")).await });
    tokio::time::sleep(Duration::from_millis(1)).await;
    let pool = Arc::clone(&bench.pool);
    let begun = Instant::now();
    let drain = tokio::spawn(async move { pool.drain(Duration::from_secs(7)).await });
    tokio::time::sleep(Duration::from_secs(1)).await;
    let late = bench
        .pool
        .invoke(&spec("f", "1", "ok"), invocation("x"))
        .await;
    assert!(matches!(late, Err(InvokeError::ShuttingDown)));
    bench.fake.go.notify_one();
    finishes.await.expect("ran within the grace period");
    drain.await.expect("ends");
    assert_eq!(begun.elapsed().as_secs(), 7);
    assert!(matches!(stuck.await, Ok(Err(InvokeError::ShuttingDown))));
    assert_eq!(bench.fake.alive.load(Ordering::SeqCst), 0);
    assert_eq!(bench.pool.snapshot(), Snapshot::default());
}
