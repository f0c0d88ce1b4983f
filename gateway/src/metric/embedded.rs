//! Embedded Metric Format: metrics in a line of a function's log. Pure.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>
//! What the format does not allow is left out, as CloudWatch leaves it out, and the rest of the line counts.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::bucket::{Bucket, Slot};
use super::unit::Unit;
use super::{Datum, is_dimension_text, is_recordable};

/// Metrics of one directive.
const MAX_METRICS: usize = 100;
/// Dimensions of one set.
const MAX_DIMENSIONS: usize = 30;
/// Values of one metric.
const MAX_VALUES: usize = 100;
/// Data of one line, over all its directives and sets; the format itself has no bound for those.
const MAX_DATA: usize = 3_000;
/// Longest line that is looked into: the largest log event that CloudWatch takes.
const MAX_BYTES: usize = 1_048_576;
const MAX_NAME_BYTES: usize = 1_024;

#[derive(Deserialize)]
struct Root {
    #[serde(rename = "_aws")]
    metadata: Metadata,
    #[serde(flatten)]
    members: Map<String, Value>,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(rename = "Timestamp")]
    timestamp: Option<f64>,
    #[serde(rename = "CloudWatchMetrics")]
    directives: Vec<Directive>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Directive {
    namespace: String,
    #[serde(default)]
    dimensions: Vec<Vec<String>>,
    #[serde(default)]
    metrics: Vec<Metric>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Metric {
    name: String,
    unit: Option<String>,
    storage_resolution: Option<u32>,
}

/// Whether a line is worth parsing.
pub fn may_hold_metrics(line: &str) -> bool {
    line.len() <= MAX_BYTES && line.contains("\"_aws\"")
}

/// The data in a line that was written at `time_ms`. A line that carries a time of its own must be one that can be
/// recorded at `now_ms`.
pub fn data(line: &str, time_ms: i64, now_ms: i64) -> Vec<Datum> {
    let Ok(root) = serde_json::from_str::<Root>(line) else {
        return Vec::new();
    };
    let time_ms = root.metadata.timestamp.map_or(time_ms, |time| time as i64);
    let mut data = Vec::new();
    if !is_recordable(time_ms, now_ms) {
        return data;
    }
    for directive in &root.metadata.directives {
        if is_name(&directive.namespace) && !directive.namespace.starts_with("AWS/") {
            collect(directive, &root.members, time_ms, &mut data);
        }
    }
    data
}

fn collect(
    directive: &Directive,
    members: &Map<String, Value>,
    time_ms: i64,
    data: &mut Vec<Datum>,
) {
    let sets: Vec<_> = match directive.dimensions.is_empty() {
        true => vec![Vec::new()],
        false => directive
            .dimensions
            .iter()
            .take(MAX_DATA)
            .filter_map(|names| dimensions(names, members))
            .collect(),
    };
    for metric in directive.metrics.iter().take(MAX_METRICS) {
        let unit = match metric.unit.as_deref() {
            None => Some(Unit::NONE),
            Some(name) => Unit::named(name),
        };
        let bucket = members.get(&metric.name).and_then(bucket);
        let (Some(unit), Some(bucket), true) = (unit, bucket, is_name(&metric.name)) else {
            continue;
        };
        let slot = Slot::of(time_ms, metric.storage_resolution == Some(1), unit);
        for set in &sets {
            if data.len() >= MAX_DATA {
                return;
            }
            data.push(Datum {
                namespace: directive.namespace.clone(),
                name: metric.name.clone(),
                dimensions: set.clone(),
                slot,
                bucket: bucket.clone(),
            });
        }
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_NAME_BYTES
}

/// A set of dimensions with the values that the line gives them.
fn dimensions(names: &[String], members: &Map<String, Value>) -> Option<Vec<(String, String)>> {
    if names.len() > MAX_DIMENSIONS {
        return None;
    }
    let value = |name: &String| match members.get(name)? {
        Value::String(value) if is_name(value) && is_dimension_text(value) => {
            Some((name.clone(), value.clone()))
        }
        _ => None,
    };
    let mut set = names.iter().map(value).collect::<Option<Vec<_>>>()?;
    set.sort();
    set.dedup_by(|a, b| a.0 == b.0);
    Some(set)
}

fn bucket(value: &Value) -> Option<Bucket> {
    match value {
        Value::Array(values) if !values.is_empty() && values.len() <= MAX_VALUES => {
            let mut bucket = Bucket::default();
            for value in values {
                bucket.add(value.as_f64()?, 1.0);
            }
            Some(bucket)
        }
        value => value.as_f64().map(Bucket::of),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const NOW_MS: i64 = 1_700_000_000_000;

    fn line(metrics: Value, dimensions: Value) -> String {
        json!({
            "_aws": {"Timestamp": NOW_MS, "CloudWatchMetrics": [
                {"Namespace": "N", "Dimensions": dimensions, "Metrics": metrics}]},
            "service": "travel", "stage": "test", "number": 7, "Booking": [1.0, 2.0], "Latency": 12.5,
        })
        .to_string()
    }

    fn read(metrics: Value, dimensions: Value) -> Vec<Datum> {
        let line = line(metrics, dimensions);
        assert!(may_hold_metrics(&line));
        data(&line, 0, NOW_MS)
    }

    #[test]
    fn each_metric_is_recorded_for_each_set_of_dimensions() {
        let metrics = json!([{"Name": "Booking", "Unit": "Count"},
            {"Name": "Latency", "Unit": "Milliseconds", "StorageResolution": 1}]);
        let found = read(metrics, json!([["stage", "service"], []]));
        assert_eq!(found.len(), 4);
        assert_eq!((found[0].bucket.count, found[0].bucket.sum), (2.0, 3.0));
        assert_eq!(found[0].slot, Slot::of(NOW_MS, false, Unit::COUNT));
        assert_eq!(
            found[0].dimensions[0],
            ("service".to_owned(), "travel".to_owned())
        );
        assert_eq!(found[0].dimensions[1].0, "stage");
        assert!(found[1].dimensions.is_empty());
        assert!(found[2].slot.fine);
    }

    #[test]
    fn what_the_format_does_not_allow_is_left_out() {
        let booking = json!([{"Name": "Booking"}]);
        assert!(read(booking.clone(), json!([["number"]])).is_empty());
        assert!(read(booking.clone(), json!([["absent"]])).is_empty());
        assert!(read(json!([{"Name": "service"}]), json!([[]])).is_empty());
        assert!(
            read(
                json!([{"Name": "Booking", "Unit": "Furlongs"}]),
                json!([[]])
            )
            .is_empty()
        );
        assert_eq!(read(booking.clone(), json!([])).len(), 1);
        let old = line(booking, json!([[]]));
        assert!(data(&old, 0, NOW_MS + 15 * 86_400_000).is_empty());
        assert!(!may_hold_metrics("START RequestId: 1"));
    }

    #[test]
    fn the_lines_data_are_bounded() {
        let metrics: Vec<_> = (0..200).map(|_| json!({"Name": "Latency"})).collect();
        assert_eq!(read(json!(metrics), json!([[]])).len(), MAX_METRICS);
        let sets: Vec<_> = (0..1_000).map(|_| json!([])).collect();
        assert_eq!(read(json!(metrics), json!(sets)).len(), MAX_DATA);
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(line in "\\PC*", time in any::<f64>()) {
            data(&line, 0, NOW_MS);
            data(&format!("{{\"_aws\":{{\"Timestamp\":{time},\"CloudWatchMetrics\":[{line}]}}}}"), 0, NOW_MS);
        }
    }
}
