//! GetMetricStatistics: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html>.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::error::{both, invalid_combination, invalid_value, store};
use super::shape::{Dimension, is_period, rounded, series_key, sorted, unit};
use crate::api::{Call, Reply, Services};
use crate::metric::statistic::{Statistic, gather};
use crate::metric::{Bucket, FINE_RETENTION_S, Span, Unit};
use crate::protocol::AwsError;

/// Datapoints of one answer.
const MAX_DATAPOINTS: i64 = 1_440;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    namespace: String,
    metric_name: String,
    #[serde(default)]
    dimensions: Vec<Dimension>,
    start_time: f64,
    end_time: f64,
    period: i64,
    #[serde(default)]
    statistics: Vec<String>,
    #[serde(default)]
    extended_statistics: Vec<String>,
    unit: Option<String>,
}

/// Answers GetMetricStatistics.
///
/// # Errors
/// Members that do not go together, too many datapoints, or the store's fault.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let statistics = statistics(&input)?;
    let span = span(&input, services.clock.now_ms() / 1_000)?;
    let wanted = unit(input.unit.as_deref(), "Unit")?;
    let dimensions = sorted(input.dimensions, "Dimensions")?;
    let label = input.metric_name.clone();
    let key = series_key(
        &call.identity,
        input.namespace,
        input.metric_name,
        dimensions,
    );
    let buckets = services.metrics.read(&key, span).await.map_err(store)?;
    let points: Vec<Value> = gather(&buckets, input.period, wanted)
        .iter()
        .filter_map(|((start, unit), bucket)| datapoint(*start, *unit, bucket, &statistics))
        .collect();
    Ok(Reply::of(json!({ "Label": label, "Datapoints": points })))
}

/// What is asked for, by its name.
fn statistics(input: &Input) -> Result<Vec<(String, Statistic)>, AwsError> {
    let names = match (
        input.statistics.is_empty(),
        input.extended_statistics.is_empty(),
    ) {
        (true, true) => {
            let message = "Must specify either Statistics or ExtendedStatistics.";
            return Err(invalid_combination(message));
        }
        (false, false) => return Err(both("Statistics", "ExtendedStatistics")),
        (false, true) => &input.statistics,
        (true, false) => &input.extended_statistics,
    };
    let read = |name: &String| {
        let statistic = Statistic::parse(name)
            .filter(|statistic| is_extended(*statistic) == input.statistics.is_empty());
        let statistic = statistic.ok_or_else(|| {
            let message = format!("The value {name} for parameter ExtendedStatistics is invalid.");
            invalid_value(message)
        })?;
        Ok((name.clone(), statistic))
    };
    names.iter().map(read).collect()
}

fn is_extended(statistic: Statistic) -> bool {
    !matches!(
        statistic,
        Statistic::SampleCount
            | Statistic::Sum
            | Statistic::Average
            | Statistic::Minimum
            | Statistic::Maximum
    )
}

fn span(input: &Input, now_s: i64) -> Result<Span, AwsError> {
    let period = input.period;
    if input.start_time >= input.end_time {
        let message = "The parameter StartTime must be less than the parameter EndTime.";
        return Err(invalid_value(message));
    }
    if !is_period(period) {
        let message = "The parameter Period must be 1, 5, 10, 30, or a multiple of 60.";
        return Err(invalid_value(message));
    }
    let datapoints = ((input.end_time - input.start_time) / period as f64) as i64;
    if datapoints > MAX_DATAPOINTS {
        return Err(invalid_combination(format!(
            "You have requested up to {datapoints} datapoints, which exceeds the limit of {MAX_DATAPOINTS}. \
             You may reduce the datapoints requested by increasing Period, or decreasing the time range."
        )));
    }
    let (from_s, to_s) = rounded(input.start_time, input.end_time, period);
    let fine = period < 60;
    let kept_s = now_s - FINE_RETENTION_S;
    Ok(Span {
        from_s: if fine { from_s.max(kept_s) } else { from_s },
        to_s,
        fine,
    })
}

/// A datapoint; none where no statistic of it is known.
fn datapoint(
    start_s: i64,
    unit: Unit,
    bucket: &Bucket,
    statistics: &[(String, Statistic)],
) -> Option<Value> {
    let mut point = json!({ "Timestamp": start_s, "Unit": unit.name() });
    let mut extended = Map::new();
    let mut is_known = false;
    for (name, statistic) in statistics {
        let Some(value) = statistic.of(bucket) else {
            continue;
        };
        is_known = true;
        match is_extended(*statistic) {
            true => drop(extended.insert(name.clone(), json!(value))),
            false => point[name] = json!(value),
        }
    }
    if !extended.is_empty() {
        point["ExtendedStatistics"] = Value::Object(extended);
    }
    is_known.then_some(point)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(members: Value) -> Input {
        let mut all = json!({
            "Namespace": "N", "MetricName": "M", "StartTime": 0, "EndTime": 3_600, "Period": 60, "Statistics": ["Sum"],
        });
        for (name, value) in members.as_object().expect("an object") {
            all[name] = value.clone();
        }
        serde_json::from_value(all).expect("valid")
    }

    #[track_caller]
    fn assert_refused(members: Value, code: &str, message: &str) {
        let input = input(members);
        let error = statistics(&input).err().or_else(|| span(&input, 0).err());
        let error = error.expect(message);
        assert_eq!((error.code, error.message.as_str()), (code, message));
    }

    #[test]
    fn what_cloudwatch_refuses_is_refused() {
        let (value, combination) = (
            "InvalidParameterValueException",
            "InvalidParameterCombinationException",
        );
        assert_refused(
            json!({"EndTime": 0}),
            value,
            "The parameter StartTime must be less than the parameter EndTime.",
        );
        assert_refused(
            json!({"Period": 7}),
            value,
            "The parameter Period must be 1, 5, 10, 30, or a multiple of 60.",
        );
        assert_refused(
            json!({"EndTime": 1_441 * 60}),
            combination,
            "You have requested up to 1441 datapoints, which exceeds the limit of 1440. You may reduce the datapoints requested by \
             increasing Period, or decreasing the time range.",
        );
        assert_refused(
            json!({"Statistics": []}),
            combination,
            "Must specify either Statistics or ExtendedStatistics.",
        );
        assert_refused(
            json!({"ExtendedStatistics": ["p50"]}),
            combination,
            "The parameters Statistics and ExtendedStatistics are mutually exclusive and you have specified both.",
        );
        assert_refused(
            json!({"Statistics": [], "ExtendedStatistics": ["Sum"]}),
            value,
            "The value Sum for parameter ExtendedStatistics is invalid.",
        );
        assert!(span(&input(json!({"EndTime": 1_440 * 60})), 0).is_ok());
    }

    #[test]
    fn datapoints_carry_what_was_asked_for() {
        let asked = |names: &[&str]| {
            let names = names.iter();
            let read = |name: &&str| ((*name).to_owned(), Statistic::parse(name).expect("valid"));
            names.map(read).collect::<Vec<_>>()
        };
        let bucket = Bucket::of(2.0);
        let point = datapoint(60, Unit::COUNT, &bucket, &asked(&["Sum", "Average"]));
        let expected = json!({"Timestamp": 60, "Unit": "Count", "Sum": 2.0, "Average": 2.0});
        assert_eq!(point, Some(expected));
        let set = Bucket::of_set(2.0, 3.0, 1.0, 2.0);
        assert_eq!(datapoint(60, Unit::COUNT, &set, &asked(&["p50"])), None);
    }
}
