//! What is told of sandboxes that live and that left, and sandboxes that are told to go.

use super::*;
use crate::pool::register::Register;
use crate::pool::state::Slot;

fn only(bench: &Bench) -> SandboxView {
    let mut sandboxes = bench.pool.sandboxes();
    assert_eq!(sandboxes.len(), 1, "{sandboxes:?}");
    sandboxes.remove(0)
}

fn ends(bench: &Bench) -> Vec<(String, End)> {
    let departures = bench.pool.departures().into_iter();
    departures.map(|left| (left.function, left.end)).collect()
}

fn called(event: &'static str, request_id: &str) -> Invocation {
    let mut call = invocation(event);
    call.context.request_id = request_id.to_owned();
    call
}

/// Lets the sandboxes' tasks run.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

#[tokio::test(start_paused = true)]
async fn a_sandbox_is_told_of_from_its_start_to_its_end() {
    let bench = Bench::new();
    let begin = |handler: &str, event, id: &'static str| {
        let (pool, spec) = (Arc::clone(&bench.pool), spec("f", "1", handler));
        tokio::spawn(async move { pool.invoke(&spec, called(event, id)).await })
    };
    let first = begin("slower", "wait", "first");
    tokio::time::sleep(Duration::from_millis(500)).await;
    let starting = only(&bench);
    assert_eq!(
        (starting.activity, starting.uses, starting.memory_bytes),
        (Activity::Starting, 0, None)
    );
    assert_eq!(starting.request_id.as_deref(), Some("first"));
    assert_eq!(starting.reason, ColdStartReason::First);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let busy = only(&bench);
    assert_eq!(
        (busy.activity, busy.uses, busy.memory_bytes),
        (Activity::Busy, 1, Some(3))
    );
    assert_eq!(busy.started, starting.started);
    assert!(busy.last_used > busy.started);
    bench.fake.go.notify_one();
    let outcome = first.await.expect("ran").expect("room");
    let idle = only(&bench);
    assert_eq!((idle.activity, idle.uses), (Activity::Idle, 1));
    assert_eq!((&idle.id, idle.request_id), (&outcome.sandbox, None));
    assert!(idle.last_used > busy.last_used);
    begin("slower", "x", "second")
        .await
        .expect("ran")
        .expect("room");
    assert_eq!(only(&bench).uses, 2);
    tokio::time::sleep(Duration::from_secs(61)).await;
    assert!(bench.pool.sandboxes().is_empty());
    let left = bench.pool.departures().remove(0);
    assert_eq!(
        (left.end, left.uses, left.sandbox),
        (End::Expired, 2, idle.id)
    );
    assert!(left.age >= Duration::from_secs(61));
}

#[tokio::test(start_paused = true)]
async fn every_departure_has_its_reason() {
    let bench = Bench::new();
    for event in ["time out", "exit", "memory"] {
        bench.call(&spec("f", "1", "ok"), event).await;
    }
    bench.call(&spec("f", "1", "fails"), "x").await;
    bench.call(&spec("f", "1", "exits"), "x").await;
    let broken = spec("f", "1", "broken");
    let broken = bench.pool.invoke(&broken, invocation("x")).await;
    broken.expect_err("it cannot be made");
    bench.call(&spec("f", "1", "ok"), "x").await;
    bench.call(&spec("f", "2", "ok"), "x").await;
    settle().await;
    let of_f = [
        End::Changed,
        End::StartFailed,
        End::Crashed,
        End::InitFailed,
        End::OutOfMemory,
        End::Crashed,
        End::TimedOut,
    ];
    assert_eq!(ends(&bench), of_f.map(|end| ("f".to_owned(), end)));
    for name in ["g", "h", "i"] {
        bench.call(&spec(name, "1", "ok"), "x").await;
    }
    assert_eq!(ends(&bench)[0], ("f".to_owned(), End::Evicted));
    bench.pool.retire("g").await;
    assert_eq!(ends(&bench)[0], ("g".to_owned(), End::Changed));
    bench.fake.death.notify_waiters();
    settle().await;
    assert_eq!(ends(&bench)[0].1, End::Crashed);
    assert!(bench.pool.sandboxes().is_empty());
    bench.call(&spec("j", "1", "ok"), "x").await;
    let held = {
        let pool = Arc::clone(&bench.pool);
        let spec = spec("k", "1", "ok");
        tokio::spawn(async move { pool.invoke(&spec, invocation("wait")).await })
    };
    settle().await;
    bench.pool.drain(Duration::from_secs(1)).await;
    assert!(held.await.expect("answered").is_err());
    let stopped = [
        ("k".to_owned(), End::Stopped),
        ("j".to_owned(), End::Stopped),
    ];
    assert_eq!(ends(&bench)[..2], stopped);
}

#[tokio::test(start_paused = true)]
async fn an_idle_sandbox_that_is_retired_is_gone_at_once() {
    let bench = Bench::new();
    let f = spec("f", "1", "ok");
    let kept = bench.hold(&f).await;
    let id = bench.call(&f, "x").await.sandbox;
    assert!(bench.pool.retire_sandbox(&id).await);
    assert_eq!(bench.counts(), (1, 0));
    assert_eq!(bench.fake.alive.load(Ordering::SeqCst), 1);
    assert_eq!(ends(&bench), [("f".to_owned(), End::Retired)]);
    assert!(!bench.pool.retire_sandbox(&id).await, "it is gone");
    assert!(!bench.pool.retire_sandbox("no such").await);
    bench.fake.go.notify_one();
    let kept = kept.await.expect("ran").sandbox;
    assert_eq!(bench.call(&f, "x").await.sandbox, kept, "only one went");
    assert!(bench.pool.retire_sandbox(&kept).await);
    let next = bench.call(&f, "x").await;
    assert_eq!(reason(&next), Some(ColdStartReason::Retired));
}

#[tokio::test(start_paused = true)]
async fn a_busy_sandbox_that_is_retired_ends_after_its_call() {
    let bench = Bench::with(PoolConfig {
        memory_budget_mib: 128,
        keep_alive: Duration::from_secs(60),
        capacity_wait: Duration::from_secs(5),
        concurrent_starts: 2,
    });
    let f = spec("f", "1", "ok");
    let held = bench.hold(&f).await;
    let waits = bench.hold(&f).await;
    let id = only(&bench).id;
    assert!(bench.pool.retire_sandbox(&id).await);
    assert!(bench.pool.retire_sandbox(&id).await, "it is still there");
    assert_eq!(only(&bench).activity, Activity::Busy);
    bench.fake.go.notify_one();
    let outcome = held.await.expect("ran");
    assert_eq!(outcome.ending, Ending::Returned("wait".into()));
    assert_eq!(outcome.sandbox, id);
    assert_eq!(ends(&bench), [("f".to_owned(), End::Retired)]);
    settle().await;
    bench.fake.go.notify_one();
    let waited = waits.await.expect("ran");
    assert_ne!(waited.sandbox, id, "a retired one serves nobody who waits");
    assert_eq!(bench.counts(), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn one_that_dies_as_a_call_comes_is_followed_by_another() {
    let bench = Bench::new();
    let f = spec("f", "1", "ok");
    let first = bench.call(&f, "x").await.sandbox;
    // Both are ready when the sandbox's task looks: the death comes first, and the call is on its way.
    bench.fake.death.notify_waiters();
    let second = bench.call(&f, "x").await;
    assert_ne!(second.sandbox, first);
    assert_eq!(reason(&second), Some(ColdStartReason::Crashed));
    assert_eq!(ends(&bench), [("f".to_owned(), End::Crashed)]);
    assert_eq!(only(&bench).id, second.sandbox);
}

#[tokio::test(start_paused = true)]
async fn departures_are_bounded() {
    let register = Register::default();
    for number in 0..1_010 {
        let slot = Slot {
            id: number,
            generation: 1,
            spec: spec("f", "1", "ok"),
        };
        let id = number.to_string();
        let life = register.enter(&slot, &id, ColdStartReason::First, "");
        register.leave(&life, End::Expired);
    }
    let departures = register.departures();
    assert_eq!(departures.len(), 1_000);
    assert_eq!(departures[0].sandbox, "1009");
}
