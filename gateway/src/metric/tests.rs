//! The module as a whole, on a store in memory, with a clock that stands.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use invoker::{ColdStart, ColdStartReason, StartPath};

use super::*;
use crate::function::FunctionKey;
use crate::store::{Journal, Range, Record, memory};

const ACCOUNT: &str = "000000000000";
const REGION: &str = "us-east-1";
/// A whole hour.
const NOW_MS: i64 = 1_699_999_200_000;
const NOW_S: i64 = NOW_MS / 1_000;
const EVER: Span = Span {
    from_s: 0,
    to_s: i64::MAX / 2_000,
    fine: false,
};

fn store() -> Store {
    memory::open(std::path::Path::new("/nowhere"))
}

async fn open(store: &Store, clock: &Clock) -> Arc<Metrics> {
    Metrics::open(store.clone(), clock.clone())
        .await
        .expect("opens")
}

fn function() -> FunctionKey {
    FunctionKey {
        account: ACCOUNT.to_owned(),
        region: REGION.to_owned(),
        name: "f".to_owned(),
    }
}

fn key(namespace: &str, name: &str, dimensions: &[(&str, &str)]) -> SeriesKey {
    let owned = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
    SeriesKey {
        account: ACCOUNT.to_owned(),
        region: REGION.to_owned(),
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        dimensions: dimensions.iter().map(owned).collect(),
    }
}

fn own(name: &str, dimensions: &[(&str, &str)]) -> SeriesKey {
    key(catalog::NAMESPACE, name, dimensions)
}

fn invoked() -> Fact {
    Fact::Invoked {
        duration: Duration::from_millis(5),
        error: false,
        cold_start: Some(ColdStart {
            start: Duration::ZERO,
            init: Duration::from_millis(100),
            reason: ColdStartReason::First,
            path: StartPath::PoolHit,
        }),
    }
}

fn datum(time_s: i64, fine: bool, value: f64) -> Datum {
    Datum {
        namespace: "N".to_owned(),
        name: "M".to_owned(),
        dimensions: Vec::new(),
        slot: Slot::of(time_s * 1_000, fine, Unit::NONE),
        bucket: Bucket::of(value),
    }
}

async fn total(metrics: &Metrics, key: &SeriesKey, span: Span) -> (f64, f64) {
    let buckets = metrics.read(key, span).await.expect("read");
    let mut whole = Bucket::default();
    for (_, bucket) in &buckets {
        whole.merge(bucket);
    }
    (whole.count, whole.sum)
}

#[tokio::test]
async fn what_was_observed_is_seen_at_once_by_every_dimension() {
    let metrics = open(&store(), &Clock::fixed(NOW_MS)).await;
    let function = function();
    for qualifier in [None, Some("live")] {
        let subject = Subject {
            function: &function,
            qualifier,
        };
        metrics.observe(&subject, &invoked());
    }
    let name = ("FunctionName", "f");
    for (dimensions, expected) in [
        (&[][..], 2.0),
        (&[name], 2.0),
        (&[name, ("Resource", "f")], 1.0),
        (&[name, ("Resource", "f:live")], 1.0),
        (&[("Resource", "f")], 1.0),
    ] {
        for metric in ["Invocations", "Errors", "Duration", "ColdStarts"] {
            let (count, _) = total(&metrics, &own(metric, dimensions), EVER).await;
            assert_eq!(count, expected, "{metric} {dimensions:?}");
        }
    }
    let by_reason = own("ColdStarts", &[name, ("Reason", "first")]);
    assert_eq!(total(&metrics, &by_reason, EVER).await, (2.0, 2.0));
    let by_path = own("ColdStarts", &[name, ("StartPath", "pool-hit")]);
    assert_eq!(total(&metrics, &by_path, EVER).await, (2.0, 2.0));
    let errors = own("Errors", &[name]);
    assert_eq!(total(&metrics, &errors, EVER).await, (2.0, 0.0));
    assert!(metrics.prometheus().contains("hearth_invocations_total{"));
}

#[tokio::test]
async fn concurrency_is_the_functions_own_and_the_accounts() {
    let metrics = open(&store(), &Clock::fixed(NOW_MS)).await;
    let function = function();
    let subject = Subject {
        function: &function,
        qualifier: None,
    };
    let running = Fact::Running {
        function: 2,
        account: 7,
        unreserved: 5,
    };
    metrics.observe(&subject, &running);
    let of_function = own("ConcurrentExecutions", &[("FunctionName", "f")]);
    assert_eq!(total(&metrics, &of_function, EVER).await, (1.0, 2.0));
    let of_account = own("ConcurrentExecutions", &[]);
    assert_eq!(total(&metrics, &of_account, EVER).await, (1.0, 7.0));
    let unreserved = own("UnreservedConcurrentExecutions", &[]);
    assert_eq!(total(&metrics, &unreserved, EVER).await, (1.0, 5.0));
    let throttles = own("Throttles", &[("FunctionName", "f")]);
    assert_eq!(total(&metrics, &throttles, EVER).await, (1.0, 0.0));
}

#[tokio::test]
async fn what_was_put_survives_a_restart_through_every_state() {
    let (store, clock) = (store(), Clock::fixed(NOW_MS));
    let series = key("N", "M", &[]);
    for round in 1..=4_i32 {
        let metrics = open(&store, &clock).await;
        let data = [datum(NOW_S, false, 1.0), datum(NOW_S - 86_400, false, 1.0)];
        metrics.put(ACCOUNT, REGION, &data).await.expect("put");
        let expected = f64::from(2 * round);
        assert_eq!(total(&metrics, &series, EVER).await.0, expected);
        clock.set(NOW_MS + i64::from(round) * 900_000);
        metrics.tidy().await.expect("settled");
        assert_eq!(total(&metrics, &series, EVER).await.0, expected, "settled");
        drop(metrics);
        let metrics = open(&store, &clock).await;
        assert_eq!(total(&metrics, &series, EVER).await.0, expected, "opened");
        assert_eq!(
            metrics.list(ACCOUNT, REGION, None, 10, |_, _| true).len(),
            1
        );
    }
    let metrics = open(&store, &clock).await;
    let day = Span {
        from_s: NOW_S - 86_400,
        to_s: NOW_S,
        fine: false,
    };
    assert_eq!(total(&metrics, &series, day).await.0, 4.0);
}

#[tokio::test]
async fn seconds_are_kept_beside_their_minutes() {
    let (store, clock) = (store(), Clock::fixed(NOW_MS));
    let metrics = open(&store, &clock).await;
    let data = [
        datum(NOW_S, true, 1.0),
        datum(NOW_S + 1, true, 2.0),
        datum(NOW_S + 2, false, 4.0),
    ];
    metrics.put(ACCOUNT, REGION, &data).await.expect("put");
    let series = key("N", "M", &[]);
    let starts = async |fine| {
        let buckets = metrics
            .read(&series, Span { fine, ..EVER })
            .await
            .expect("read");
        let mut starts: Vec<_> = buckets
            .iter()
            .map(|(slot, bucket)| (slot.time_s - NOW_S, bucket.sum))
            .collect();
        starts.sort_by(f64_pairs);
        starts
    };
    let by_second = [(0, 1.0), (0, 4.0), (1, 2.0)];
    assert_eq!(starts(true).await, by_second);
    clock.set(NOW_MS + 3_600_000);
    metrics.tidy().await.expect("settled");
    assert_eq!(starts(true).await, by_second);
    assert_eq!(starts(false).await, [(0, 3.0), (0, 4.0)]);
}

fn f64_pairs(a: &(i64, f64), b: &(i64, f64)) -> std::cmp::Ordering {
    a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
}

#[tokio::test]
async fn what_is_past_its_retention_goes_and_series_without_data_go() {
    let (store, clock) = (store(), Clock::fixed(NOW_MS));
    let metrics = open(&store, &clock).await;
    metrics
        .put(ACCOUNT, REGION, &[datum(NOW_S, false, 1.0)])
        .await
        .expect("put");
    clock.set(NOW_MS + 86_400_000);
    metrics.tidy().await.expect("kept");
    assert_eq!(total(&metrics, &key("N", "M", &[]), EVER).await.0, 1.0);
    clock.set(NOW_MS + 20 * 86_400_000);
    for _ in 0..2 {
        metrics.tidy().await.expect("trimmed");
    }
    assert!(
        metrics
            .list(ACCOUNT, REGION, None, 10, |_, _| true)
            .is_empty()
    );
    let metrics = open(&store, &clock).await;
    assert!(
        metrics
            .list(ACCOUNT, REGION, None, 10, |_, _| true)
            .is_empty()
    );
    metrics
        .put(ACCOUNT, REGION, &[datum(NOW_S + 20 * 86_400, false, 2.0)])
        .await
        .expect("put");
    assert_eq!(total(&metrics, &key("N", "M", &[]), EVER).await, (1.0, 2.0));
}

#[tokio::test]
async fn maintaining_writes_at_the_end() {
    let (store, clock) = (store(), Clock::fixed(NOW_MS));
    let metrics = open(&store, &clock).await;
    let closing = CancellationToken::new();
    let task = tokio::spawn(Arc::clone(&metrics).maintain(closing.clone()));
    let line = r#"{"_aws":{"Timestamp":1699999200000,"CloudWatchMetrics":[{"Namespace":"N","Dimensions":[[]],"Metrics":[{"Name":"M"}]}]},"M":3}"#;
    metrics.embedded(ACCOUNT, REGION, NOW_MS, line);
    metrics.embedded(ACCOUNT, REGION, NOW_MS, "no metrics here");
    closing.cancel();
    task.await.expect("ends");
    let metrics = open(&store, &clock).await;
    assert_eq!(total(&metrics, &key("N", "M", &[]), EVER).await, (1.0, 3.0));
}

/// A journal whose appends fail on demand, before or after they reached the store.
struct Failing {
    inner: Arc<dyn Journal>,
    fails: AtomicBool,
    reaches: bool,
}

#[async_trait::async_trait]
impl Journal for Failing {
    async fn append(&self, records: Vec<(String, i64, bytes::Bytes)>) -> Result<u64, StoreError> {
        let fails = self.fails.load(Ordering::SeqCst);
        if fails && !self.reaches {
            return Err(refusal());
        }
        let sequence = self.inner.append(records).await?;
        if fails {
            return Err(refusal());
        }
        Ok(sequence)
    }

    async fn read(&self, range: Range<'_>) -> Result<Vec<Record>, StoreError> {
        self.inner.read(range).await
    }

    async fn trim(&self, stream: &str, before_ms: i64) -> Result<u64, StoreError> {
        self.inner.trim(stream, before_ms).await
    }
}

fn refusal() -> StoreError {
    StoreError::Failed {
        action: "append records",
        reason: "disk full".to_owned(),
    }
}

#[tokio::test]
async fn a_failed_write_loses_nothing_and_counts_nothing_twice() {
    for reaches in [false, true] {
        let (whole, clock) = (store(), Clock::fixed(NOW_MS));
        let failing = Arc::new(Failing {
            inner: Arc::clone(&whole.journal),
            fails: AtomicBool::new(true),
            reaches,
        });
        let journal = Arc::clone(&failing) as Arc<dyn Journal>;
        let metrics = open(
            &Store {
                journal,
                ..whole.clone()
            },
            &clock,
        )
        .await;
        let series = key("N", "M", &[]);
        let put = async || {
            metrics
                .put(ACCOUNT, REGION, &[datum(NOW_S, false, 1.0)])
                .await
        };
        assert!(matches!(put().await, Err(PutError::Store(_))));
        assert!(matches!(put().await, Err(PutError::Store(_))));
        failing.fails.store(false, Ordering::SeqCst);
        put().await.expect("put");
        put().await.expect("put");
        assert_eq!(total(&metrics, &series, EVER).await.0, 4.0);
        let reopened = open(&whole, &clock).await;
        assert_eq!(total(&reopened, &series, EVER).await.0, 4.0);
    }
}
