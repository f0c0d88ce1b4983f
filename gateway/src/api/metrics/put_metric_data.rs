//! PutMetricData: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html>.
//! Durable before it answers.

use serde::Deserialize;

use super::error::{both, invalid_combination, invalid_value, missing};
use super::shape::{Dimension, sorted, unit};
use crate::api::{Call, Reply, Services};
use crate::metric::{Bucket, Datum, Slot, Unit, is_recordable};
use crate::protocol::AwsError;

/// Data of one request.
const MAX_DATA: usize = 1_000;
/// Values of one datum.
const MAX_VALUES: usize = 150;
/// CloudWatch takes values in ±2^360.
const MAX_VALUE: f64 = {
    let third = (1_u128 << 120) as f64;
    third * third * third
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    namespace: String,
    #[serde(default)]
    metric_data: Vec<MetricDatum>,
    #[serde(default)]
    entity_metric_data: Vec<EntityMetricData>,
}

/// Data about an entity; entities themselves are not kept.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct EntityMetricData {
    #[serde(default)]
    metric_data: Vec<MetricDatum>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MetricDatum {
    metric_name: String,
    #[serde(default)]
    dimensions: Vec<Dimension>,
    timestamp: Option<f64>,
    value: Option<f64>,
    #[serde(default)]
    values: Vec<f64>,
    #[serde(default)]
    counts: Vec<f64>,
    statistic_values: Option<StatisticSet>,
    unit: Option<String>,
    storage_resolution: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StatisticSet {
    sample_count: f64,
    sum: f64,
    minimum: f64,
    maximum: f64,
}

/// Answers PutMetricData.
///
/// # Errors
/// Data that CloudWatch does not take, no room, or the store's fault.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let data = data(call.input()?, services.clock.now_ms())?;
    let identity = &call.identity;
    services
        .metrics
        .put(&identity.account, &identity.region, &data)
        .await?;
    Ok(Reply::empty())
}

fn data(input: Input, now_ms: i64) -> Result<Vec<Datum>, AwsError> {
    let namespace = input.namespace;
    if namespace.starts_with("AWS/") {
        let message = "The value AWS/ for parameter Namespace is invalid.";
        return Err(invalid_value(message));
    }
    let mut lists = vec![("MetricData".to_owned(), input.metric_data)];
    for (at, entity) in input.entity_metric_data.into_iter().enumerate() {
        let member = format!("EntityMetricData.member.{}.MetricData", at + 1);
        lists.push((member, entity.metric_data));
    }
    let total: usize = lists.iter().map(|(_, data)| data.len()).sum();
    if total == 0 {
        return Err(missing("The parameter MetricData is required."));
    }
    if total > MAX_DATA {
        let message =
            format!("The collection MetricData must not have a size greater than {MAX_DATA}.");
        return Err(invalid_value(message));
    }
    let mut data = Vec::with_capacity(total);
    for (list, members) in lists {
        for (at, member) in members.into_iter().enumerate() {
            let name = format!("{list}.member.{}", at + 1);
            data.push(datum(&namespace, member, &name, now_ms)?);
        }
    }
    Ok(data)
}

fn datum(
    namespace: &str,
    datum: MetricDatum,
    member: &str,
    now_ms: i64,
) -> Result<Datum, AwsError> {
    let bucket = bucket(&datum, member)?;
    let time_ms = datum
        .timestamp
        .map_or(now_ms, |time| (time * 1_000.0) as i64);
    if !is_recordable(time_ms, now_ms) {
        let message = format!(
            "The parameter {member}.Timestamp must specify a time within the past two weeks."
        );
        return Err(invalid_value(message));
    }
    let fine = match datum.storage_resolution {
        None | Some(60) => false,
        Some(1) => true,
        Some(other) => {
            let message =
                format!("The value {other} for parameter {member}.StorageResolution is invalid.");
            return Err(invalid_value(message));
        }
    };
    let unit = unit(datum.unit.as_deref(), &format!("{member}.Unit"))?;
    Ok(Datum {
        namespace: namespace.to_owned(),
        name: datum.metric_name,
        dimensions: sorted(datum.dimensions, &format!("{member}.Dimensions"))?,
        slot: Slot::of(time_ms, fine, unit.unwrap_or(Unit::NONE)),
        bucket,
    })
}

fn bucket(datum: &MetricDatum, member: &str) -> Result<Bucket, AwsError> {
    let (value, values) = (format!("{member}.Value"), format!("{member}.Values"));
    let set = format!("{member}.StatisticValues");
    if datum.value.is_some() && !datum.values.is_empty() {
        return Err(both(&value, &values));
    }
    if datum.value.is_some() && datum.statistic_values.is_some() {
        return Err(both(&value, &set));
    }
    if !datum.values.is_empty() && datum.statistic_values.is_some() {
        return Err(both(&values, &set));
    }
    if let Some(number) = datum.value {
        return held(number, &value).map(Bucket::of);
    }
    if let Some(statistics) = &datum.statistic_values {
        return statistic_set(statistics, &set);
    }
    if datum.values.is_empty() {
        let message =
            format!("At least one of the parameters {value}, {values} or {set} must be specified.");
        return Err(match datum.counts.is_empty() {
            true => missing(message),
            false => invalid_combination(message),
        });
    }
    several(datum, member)
}

fn several(datum: &MetricDatum, member: &str) -> Result<Bucket, AwsError> {
    let MetricDatum { values, counts, .. } = datum;
    if values.len() > MAX_VALUES {
        let message = format!(
            "The collection {member}.Values must not have a size greater than {MAX_VALUES}."
        );
        return Err(invalid_value(message));
    }
    if !counts.is_empty() && counts.len() != values.len() {
        let message =
            format!("The parameters {member}.Values and {member}.Counts must be of the same size.");
        return Err(invalid_value(message));
    }
    let mut bucket = Bucket::default();
    for (at, value) in values.iter().enumerate() {
        let value = held(*value, &format!("{member}.Values.member.{}", at + 1))?;
        let count_member = format!("{member}.Counts.member.{}", at + 1);
        let count = held(counts.get(at).copied().unwrap_or(1.0), &count_member)?;
        if count < 0.0 {
            let message = format!("The value {count} for parameter {count_member} is invalid.");
            return Err(invalid_value(message));
        }
        bucket.add(value, count);
    }
    Ok(bucket)
}

fn statistic_set(statistics: &StatisticSet, member: &str) -> Result<Bucket, AwsError> {
    let StatisticSet {
        sample_count,
        sum,
        minimum,
        maximum,
    } = *statistics;
    for (number, name) in [
        (sample_count, "SampleCount"),
        (sum, "Sum"),
        (minimum, "Minimum"),
        (maximum, "Maximum"),
    ] {
        held(number, &format!("{member}.{name}"))?;
    }
    if sample_count <= 0.0 {
        let message = format!("The parameter {member}.SampleCount must be greater than 0.");
        return Err(invalid_value(message));
    }
    if minimum > maximum {
        let message =
            format!("The parameter {member}.Maximum must be greater than {member}.Minimum.");
        return Err(invalid_value(message));
    }
    Ok(Bucket::of_set(sample_count, sum, minimum, maximum))
}

/// A number that CloudWatch takes.
fn held(number: f64, member: &str) -> Result<f64, AwsError> {
    match number.is_finite() && number.abs() <= MAX_VALUE {
        true => Ok(number),
        false => Err(invalid_value(format!(
            "The value {number} for parameter {member} is invalid."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NOW_MS: i64 = 1_700_000_000_000;

    fn put(datum: Value) -> Result<Vec<Datum>, AwsError> {
        let input = json!({"Namespace": "N", "MetricData": [datum]});
        data(serde_json::from_value(input).expect("valid"), NOW_MS)
    }

    #[track_caller]
    fn assert_refused(datum: Value, code: &str, message: &str) {
        let error = put(datum).expect_err(message);
        assert_eq!((error.code, error.message.as_str()), (code, message));
    }

    #[test]
    fn values_counts_and_sets_become_buckets() {
        let bucket = |datum| put(datum).expect("valid")[0].bucket.clone();
        assert_eq!(bucket(json!({"MetricName": "M", "Value": 0})).count, 1.0);
        let several =
            bucket(json!({"MetricName": "M", "Values": [2.0, 3.0], "Counts": [2.0, 1.0]}));
        assert_eq!((several.count, several.sum), (3.0, 7.0));
        let set = json!({"SampleCount": 2, "Sum": 30, "Minimum": 10, "Maximum": 20});
        let set = bucket(json!({"MetricName": "M", "StatisticValues": set}));
        assert_eq!((set.count, set.minimum, set.maximum), (2.0, 10.0, 20.0));
    }

    #[test]
    fn what_cloudwatch_refuses_is_refused_in_its_words() {
        let (value, combination) = (
            "InvalidParameterValueException",
            "InvalidParameterCombinationException",
        );
        assert_refused(
            json!({"MetricName": "M", "Value": 1.5, "Values": [1.0]}),
            combination,
            "The parameters MetricData.member.1.Value and MetricData.member.1.Values are mutually exclusive and you have specified both.",
        );
        assert_refused(
            json!({"MetricName": "M", "Values": [1.0, 2.0], "Counts": [1.0]}),
            value,
            "The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of the same size.",
        );
        assert_refused(
            json!({"MetricName": "M", "Value": 1, "Timestamp": 1_700_000_000 - 15 * 86_400}),
            value,
            "The parameter MetricData.member.1.Timestamp must specify a time within the past two weeks.",
        );
        assert_refused(
            json!({"MetricName": "M", "Value": 1, "StorageResolution": 30}),
            value,
            "The value 30 for parameter MetricData.member.1.StorageResolution is invalid.",
        );
        assert_refused(
            json!({"MetricName": "M", "Value": 1e200}),
            value,
            &format!(
                "The value {} for parameter MetricData.member.1.Value is invalid.",
                1e200
            ),
        );
        assert_eq!(
            put(json!({"MetricName": "M"})).expect_err("empty").code,
            "MissingRequiredParameterException"
        );
        let own = json!({"Namespace": "AWS/Lambda", "MetricData": []});
        let error = data(serde_json::from_value(own).expect("valid"), NOW_MS).expect_err("AWS/");
        assert_eq!(
            error.message,
            "The value AWS/ for parameter Namespace is invalid."
        );
    }
}
