//! What the platform writes into a function's log: INIT_START, START, END, REPORT, or their JSON form. Pure.
//!
//! AWS's own lines, and one thing more: the REPORT of a cold start says why there was one, and how its sandbox came to be.
//! In JSON format a system log level decides which events are written:
//! <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html>

use std::time::Duration;

use invoker::{Ending, StartPath, Usage};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::format_description;

use super::ending::platform_error;
use crate::function::runtime::version_arn;
use crate::function::{FunctionVersion, LogFormat};
use crate::metric::catalog::{path_name, reason_name};

/// How much of the platform's events is written, JSON format only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Debug,
    Info,
    Warn,
}

/// One invocation, for the lines about it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// What runs.
    pub version: &'a FunctionVersion,
    /// The invocation's id.
    pub request_id: &'a str,
}

impl Subject<'_> {
    fn timeout(&self) -> Duration {
        Duration::from_secs(self.version.configuration.timeout_seconds.into())
    }

    fn is_json(&self) -> bool {
        self.version.configuration.log_format == LogFormat::Json
    }

    fn level(&self) -> Level {
        match self.version.configuration.system_log_level.as_deref() {
            Some("DEBUG") => Level::Debug,
            Some("WARN") => Level::Warn,
            _ => Level::Info,
        }
    }

    fn event(&self, level: Level, now_ms: i64, kind: &str, record: Value) -> Option<String> {
        (level >= self.level()).then(|| {
            let time = timestamp(now_ms);
            json!({ "time": time, "type": format!("platform.{kind}"), "record": record })
                .to_string()
        })
    }
}

/// The lines before the function's own: `cold` when its sandbox is started for this call.
pub fn opening(subject: Subject<'_>, now_ms: i64, cold: bool) -> Vec<String> {
    let version = subject.version;
    let runtime = version
        .configuration
        .runtime
        .replacen("python", "python:", 1);
    let runtime_arn = version_arn(&version.key.region, &version.configuration.runtime);
    let mut lines = Vec::with_capacity(2);
    if subject.is_json() {
        if cold {
            let record = json!({
                "initializationType": "on-demand", "phase": "init",
                "runtimeVersion": runtime, "runtimeVersionArn": runtime_arn,
            });
            lines.extend(subject.event(Level::Info, now_ms, "initStart", record));
        }
        let record = json!({ "requestId": subject.request_id, "version": version.version });
        lines.extend(subject.event(Level::Info, now_ms, "start", record));
        return lines;
    }
    if cold {
        lines.push(format!(
            "INIT_START Runtime Version: {runtime}\tRuntime Version ARN: {runtime_arn}\n"
        ));
    }
    lines.push(format!(
        "START RequestId: {} Version: {}\n",
        subject.request_id, version.version
    ));
    lines
}

/// The lines after the function's own.
pub fn closing(subject: Subject<'_>, now_ms: i64, ending: &Ending, usage: &Usage) -> Vec<String> {
    let duration = reported_duration(ending, usage, subject.timeout());
    if subject.is_json() {
        closing_json(subject, now_ms, ending, usage, duration)
    } else {
        closing_text(subject, now_ms, ending, usage, duration)
    }
}

/// Handler time and, on a cold start, initialisation, in whole milliseconds begun.
pub fn billed_ms(duration: Duration, usage: &Usage) -> u128 {
    let init = usage
        .cold_start
        .as_ref()
        .map_or(Duration::ZERO, |cold| cold.init);
    (duration + init).as_micros().div_ceil(1_000)
}

/// A function that timed out used its timeout, not the moment longer that killing it took.
pub fn reported_duration(ending: &Ending, usage: &Usage, timeout: Duration) -> Duration {
    match ending {
        Ending::TimedOut => usage.duration.min(timeout),
        _ => usage.duration,
    }
}

fn closing_text(
    subject: Subject<'_>,
    now_ms: i64,
    ending: &Ending,
    usage: &Usage,
    duration: Duration,
) -> Vec<String> {
    let request_id = subject.request_id;
    let mut lines = Vec::with_capacity(4);
    let error = platform_error(ending, subject.timeout());
    if let Some(error) = &error {
        if *ending == Ending::TimedOut {
            let time = timestamp(now_ms);
            lines.push(format!("{time} {request_id} {}\n\n", error.message));
        } else {
            lines.push(format!(
                "RequestId: {request_id} Error: {}\n",
                error.message
            ));
            lines.push(format!("{}\n", error.error_type));
        }
    }
    lines.push(format!("END RequestId: {request_id}\n"));
    let mut report = format!(
        "REPORT RequestId: {request_id}\tDuration: {:.2} ms\tBilled Duration: {} ms\tMemory Size: {} MB\tMax Memory Used: {} MB\t",
        ms(duration),
        billed_ms(duration, usage),
        subject.version.configuration.memory_mib,
        used_mib(usage),
    );
    if let Some(cold) = &usage.cold_start {
        report.push_str(&format!(
            "{}: {:.2} ms\tCold Start: {}\tStart Path: {}\t",
            match cold.path {
                StartPath::Snapshot => "Restore Duration",
                StartPath::PoolHit | StartPath::PoolMiss => "Init Duration",
            },
            ms(cold.init),
            reason_name(cold.reason),
            path_name(cold.path),
        ));
    }
    match (ending, error) {
        (Ending::TimedOut, _) => report.push_str("Status: timeout"),
        (_, Some(error)) => {
            report.push_str(&format!("Status: error\tError Type: {}", error.error_type))
        }
        (_, None) => {}
    }
    report.push('\n');
    lines.push(report);
    lines
}

fn closing_json(
    subject: Subject<'_>,
    now_ms: i64,
    ending: &Ending,
    usage: &Usage,
    duration: Duration,
) -> Vec<String> {
    let (status, produced_bytes) = match ending {
        Ending::Returned(payload) => ("success", payload.len()),
        Ending::TimedOut => ("timeout", 0),
        Ending::HandlerFailed(document) | Ending::InitFailed(document) => ("error", document.len()),
        Ending::ResponseTooLarge { .. } | Ending::Exited(_) | Ending::OutOfMemory => ("error", 0),
    };
    let (done_level, report_level) = match status {
        "success" => (Level::Debug, Level::Info),
        _ => (Level::Warn, Level::Warn),
    };
    let mut done = json!({
        "requestId": subject.request_id,
        "status": status,
        "metrics": { "durationMs": rounded_ms(duration), "producedBytes": produced_bytes },
    });
    let mut metrics = json!({
        "durationMs": rounded_ms(duration),
        "billedDurationMs": u64::try_from(billed_ms(duration, usage)).unwrap_or(u64::MAX),
        "memorySizeMB": subject.version.configuration.memory_mib,
        "maxMemoryUsedMB": used_mib(usage),
    });
    if let Some(cold) = &usage.cold_start {
        let name = match cold.path {
            StartPath::Snapshot => "restoreDurationMs",
            StartPath::PoolHit | StartPath::PoolMiss => "initDurationMs",
        };
        metrics[name] = json!(rounded_ms(cold.init));
    }
    let mut report =
        json!({ "requestId": subject.request_id, "status": status, "metrics": metrics });
    if let Some(cold) = &usage.cold_start {
        report["coldStart"] = json!(reason_name(cold.reason));
        report["startPath"] = json!(path_name(cold.path));
    }
    if let Some(error) = platform_error(ending, subject.timeout()) {
        done["errorType"] = json!(error.error_type);
        report["errorType"] = json!(error.error_type);
    }
    let done = subject.event(done_level, now_ms, "runtimeDone", done);
    let report = subject.event(report_level, now_ms, "report", report);
    done.into_iter().chain(report).collect()
}

/// The line in the place of output that was too much, in every format: AWS's `platform.logsDropped`,
/// <https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html#platform-logsDropped>.
pub fn logs_dropped(now_ms: i64, records: u64, bytes: u64) -> String {
    let record = json!({
        "reason": "The function wrote more than one call may write",
        "droppedRecords": records,
        "droppedBytes": bytes,
    });
    let time = timestamp(now_ms);
    let event = json!({ "time": time, "type": "platform.logsDropped", "record": record });
    format!("{event}\n")
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

fn rounded_ms(duration: Duration) -> f64 {
    (ms(duration) * 1_000.0).round() / 1_000.0
}

fn used_mib(usage: &Usage) -> u64 {
    usage.max_memory_bytes.div_ceil(1024 * 1024)
}

/// `now_ms` in ISO 8601 with milliseconds.
pub fn timestamp(now_ms: i64) -> String {
    let format =
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    utc(now_ms)
        .format(format)
        .expect("every component of the format is present in a date and time")
}

/// The UTC day of `now_ms`, `YYYY/MM/DD`.
pub fn date(now_ms: i64) -> String {
    utc(now_ms)
        .format(format_description!("[year]/[month]/[day]"))
        .expect("every component of the format is present in a date and time")
}

fn utc(now_ms: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(now_ms) * 1_000_000)
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use invoker::{ColdStart, ColdStartReason, ExitStatus, StartPath};

    use super::super::environment::tests::version;
    use super::*;

    const NOW_MS: i64 = 1_700_000_000_123;

    fn usage(cold: bool) -> Usage {
        Usage {
            duration: Duration::from_micros(95_710),
            cold_start: cold.then_some(ColdStart {
                start: Duration::ZERO,
                init: Duration::from_micros(445_940),
                reason: ColdStartReason::First,
                path: StartPath::PoolHit,
            }),
            max_memory_bytes: 73 * 1024 * 1024 + 1,
            queued: Duration::ZERO,
        }
    }

    fn returned() -> Ending {
        Ending::Returned(Bytes::from_static(b"null"))
    }

    #[test]
    fn a_cold_call_reads_as_on_lambda() {
        let version = version();
        let subject = Subject {
            version: &version,
            request_id: "R",
        };
        let mut lines = opening(subject, NOW_MS, true);
        lines.extend(closing(subject, NOW_MS, &returned(), &usage(true)));
        assert_eq!(
            lines,
            [
                "INIT_START Runtime Version: python:3.12\tRuntime Version ARN: arn:aws:lambda:eu-west-1::runtime:42f2b28d8258c41a63374ac4365007738900f66a9b62a7eb1a2041a2e091d41b\n",
                "START RequestId: R Version: $LATEST\n",
                "END RequestId: R\n",
                "REPORT RequestId: R\tDuration: 95.71 ms\tBilled Duration: 542 ms\tMemory Size: 256 MB\tMax Memory Used: 74 MB\tInit Duration: 445.94 ms\tCold Start: first\tStart Path: pool-hit\t\n",
            ]
        );
    }

    #[test]
    fn timeouts_and_crashes_say_so() {
        let version = version();
        let subject = Subject {
            version: &version,
            request_id: "R",
        };
        let mut late = usage(false);
        late.duration = Duration::from_millis(3_004);
        let timed_out = closing(subject, NOW_MS, &Ending::TimedOut, &late);
        assert_eq!(
            timed_out[0],
            "2023-11-14T22:13:20.123Z R Task timed out after 3.00 seconds\n\n"
        );
        assert!(timed_out[2].contains("Duration: 3000.00 ms\tBilled Duration: 3000 ms"));
        assert!(timed_out[2].ends_with("Status: timeout\n"));
        let crash = Ending::Exited(ExitStatus::Code(3));
        let crashed = closing(subject, NOW_MS, &crash, &usage(false));
        assert_eq!(
            crashed[..2],
            [
                "RequestId: R Error: Runtime exited with error: exit status 3\n",
                "Runtime.ExitError\n"
            ]
        );
        assert!(crashed[3].ends_with("Status: error\tError Type: Runtime.ExitError\n"));
    }

    #[test]
    fn the_system_log_level_filters_json_events() {
        let mut version = version();
        version.configuration.log_format = LogFormat::Json;
        for (level, success, failure) in [("DEBUG", 4, 4), ("INFO", 3, 4), ("WARN", 0, 2)] {
            version.configuration.system_log_level = Some(level.into());
            let subject = Subject {
                version: &version,
                request_id: "R",
            };
            let count = |ending: &Ending| {
                opening(subject, NOW_MS, true).len()
                    + closing(subject, NOW_MS, ending, &usage(true)).len()
            };
            assert_eq!(
                (count(&returned()), count(&Ending::TimedOut)),
                (success, failure)
            );
        }
    }

    #[test]
    fn a_json_report_carries_the_figures() {
        let mut version = version();
        version.configuration.log_format = LogFormat::Json;
        let subject = Subject {
            version: &version,
            request_id: "R",
        };
        let lines = closing(subject, NOW_MS, &returned(), &usage(true));
        insta::assert_snapshot!(lines.join("\n"), @r#"{"record":{"coldStart":"first","metrics":{"billedDurationMs":542,"durationMs":95.71,"initDurationMs":445.94,"maxMemoryUsedMB":74,"memorySizeMB":256},"requestId":"R","startPath":"pool-hit","status":"success"},"time":"2023-11-14T22:13:20.123Z","type":"platform.report"}"#);
    }
}
