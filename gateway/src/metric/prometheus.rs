//! hearth's own metrics as counters since the start, in Prometheus's text format.
//!
//! Each function makes about a dozen time series, so at most [`MAX_FUNCTIONS`] have their own; the others share one.
//! <https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format>

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, TextEncoder,
};

use super::catalog::{Metric, path_name, reason_name};
use super::record::Fact;
use crate::function::FunctionKey;

/// Functions with series of their own.
const MAX_FUNCTIONS: usize = 2_000;
/// The label of all others.
const OTHERS: &str = "_others";
/// Upper bounds of the histograms' buckets, seconds: from a warm call to the longest timeout.
const BOUNDS_SECONDS: [f64; 14] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0, 120.0, 900.0,
];
const LABELS: [&str; 3] = ["account", "region", "function"];

/// The registry and its families.
pub(super) struct Exporter {
    registry: Registry,
    named: Mutex<HashSet<FunctionKey>>,
    invocations: IntCounterVec,
    errors: IntCounterVec,
    throttles: IntCounterVec,
    duration: HistogramVec,
    init_duration: HistogramVec,
    cold_starts: IntCounterVec,
    concurrent: IntGaugeVec,
    async_received: IntCounterVec,
    async_dropped: IntCounterVec,
}

/// One function's series, kept at hand.
pub(super) struct Handles {
    labels: [String; 3],
    invocations: IntCounter,
    errors: IntCounter,
    throttles: IntCounter,
    duration: Histogram,
    concurrent: IntGauge,
    async_received: IntCounter,
    async_dropped: IntCounter,
}

fn counters(registry: &Registry, name: &str, metric: Metric, labels: &[&str]) -> IntCounterVec {
    let options = Opts::new(name, metric.definition().description);
    let family = IntCounterVec::new(options, labels).expect("the names above are valid");
    register(registry, family)
}

fn histograms(registry: &Registry, name: &str, metric: Metric) -> HistogramVec {
    let options = HistogramOpts::new(name, metric.definition().description);
    let options = options.buckets(BOUNDS_SECONDS.to_vec());
    let family = HistogramVec::new(options, &LABELS).expect("the names above are valid");
    register(registry, family)
}

fn register<T: prometheus::core::Collector + Clone + 'static>(registry: &Registry, family: T) -> T {
    registry
        .register(Box::new(family.clone()))
        .expect("every family has a name of its own");
    family
}

impl Default for Exporter {
    fn default() -> Self {
        let all = &Registry::new();
        let (received, dropped) = (Metric::AsyncEventsReceived, Metric::AsyncEventsDropped);
        let of_cold_starts = ["account", "region", "function", "reason", "path"];
        let options = Opts::new(
            "hearth_concurrent_executions",
            "Calls that run at this moment.",
        );
        let gauges = IntGaugeVec::new(options, &LABELS).expect("the names above are valid");
        Self {
            named: Mutex::default(),
            invocations: counters(
                all,
                "hearth_invocations_total",
                Metric::Invocations,
                &LABELS,
            ),
            errors: counters(all, "hearth_errors_total", Metric::Errors, &LABELS),
            throttles: counters(all, "hearth_throttles_total", Metric::Throttles, &LABELS),
            duration: histograms(all, "hearth_duration_seconds", Metric::Duration),
            init_duration: histograms(all, "hearth_init_duration_seconds", Metric::InitDuration),
            cold_starts: counters(
                all,
                "hearth_cold_starts_total",
                Metric::ColdStarts,
                &of_cold_starts,
            ),
            concurrent: register(all, gauges),
            async_received: counters(all, "hearth_async_events_received_total", received, &LABELS),
            async_dropped: counters(all, "hearth_async_events_dropped_total", dropped, &LABELS),
            registry: all.clone(),
        }
    }
}

impl Exporter {
    /// The series of a function.
    pub(super) fn handles(&self, function: &FunctionKey) -> Handles {
        let labels = self.labels(function);
        Handles {
            invocations: self.invocations.with_label_values(&labels),
            errors: self.errors.with_label_values(&labels),
            throttles: self.throttles.with_label_values(&labels),
            duration: self.duration.with_label_values(&labels),
            concurrent: self.concurrent.with_label_values(&labels),
            async_received: self.async_received.with_label_values(&labels),
            async_dropped: self.async_dropped.with_label_values(&labels),
            labels,
        }
    }

    fn labels(&self, function: &FunctionKey) -> [String; 3] {
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        if !named.contains(function) {
            if named.len() >= MAX_FUNCTIONS {
                return [OTHERS; 3].map(str::to_owned);
            }
            named.insert(function.clone());
        }
        let FunctionKey {
            account,
            region,
            name,
        } = function.clone();
        [account, region, name]
    }

    /// Counts a fact about a function.
    pub(super) fn count(&self, handles: &Handles, fact: &Fact) {
        match fact {
            Fact::Invoked {
                duration,
                error,
                cold_start,
            } => {
                handles.concurrent.dec();
                handles.invocations.inc();
                handles.errors.inc_by(u64::from(*error));
                handles.duration.observe(duration.as_secs_f64());
                if let Some(cold) = cold_start {
                    let [account, region, function] = &handles.labels;
                    let (reason, path) = (reason_name(cold.reason), path_name(cold.path));
                    let labels = [account, region, function, reason, path];
                    self.cold_starts.with_label_values(&labels).inc();
                    self.init_duration
                        .with_label_values(&handles.labels)
                        .observe(cold.init.as_secs_f64());
                }
            }
            Fact::NotRun => handles.concurrent.dec(),
            Fact::Running { .. } => handles.concurrent.inc(),
            Fact::Throttled => handles.throttles.inc(),
            Fact::AsyncReceived => handles.async_received.inc(),
            Fact::AsyncDropped => handles.async_dropped.inc(),
            Fact::AsyncAge(_) => {}
        }
    }

    /// Everything, as text.
    pub(super) fn text(&self) -> String {
        let families = self.registry.gather();
        TextEncoder::new()
            .encode_to_string(&families)
            .unwrap_or_else(|error| {
                tracing::error!(%error, "write the metrics as text");
                String::new()
            })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use invoker::{ColdStart, ColdStartReason, StartPath};

    use super::*;

    fn key(name: &str) -> FunctionKey {
        FunctionKey {
            account: "000000000000".to_owned(),
            region: "us-east-1".to_owned(),
            name: name.to_owned(),
        }
    }

    #[test]
    fn facts_become_lines() {
        let exporter = Exporter::default();
        let handles = exporter.handles(&key("f"));
        exporter.count(
            &handles,
            &Fact::Running {
                function: 1,
                account: 1,
                unreserved: 1,
            },
        );
        exporter.count(
            &handles,
            &Fact::Invoked {
                duration: Duration::from_millis(3),
                error: true,
                cold_start: Some(ColdStart {
                    start: Duration::ZERO,
                    init: Duration::from_millis(200),
                    reason: ColdStartReason::First,
                    path: StartPath::PoolMiss,
                }),
            },
        );
        let text = exporter.text();
        let of_f = r#"account="000000000000",function="f",region="us-east-1""#;
        for line in [
            format!("hearth_invocations_total{{{of_f}}} 1"),
            format!("hearth_errors_total{{{of_f}}} 1"),
            format!("hearth_concurrent_executions{{{of_f}}} 0"),
            format!("hearth_duration_seconds_bucket{{{of_f},le=\"0.005\"}} 1"),
            "hearth_cold_starts_total{account=\"000000000000\",function=\"f\",path=\"pool-miss\",reason=\"first\",region=\"us-east-1\"} 1".to_owned(),
        ] {
            assert!(
                text.lines().any(|found| found == line),
                "{line} in:\n{text}"
            );
        }
    }

    #[test]
    fn functions_beyond_the_bound_share_their_series() {
        let exporter = Exporter::default();
        for number in 0..MAX_FUNCTIONS + 10 {
            exporter
                .handles(&key(&format!("f{number}")))
                .throttles
                .inc();
        }
        let shared =
            r#"hearth_throttles_total{account="_others",function="_others",region="_others"} 10"#;
        assert!(exporter.text().contains(shared));
    }
}
