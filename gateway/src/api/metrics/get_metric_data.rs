//! GetMetricData: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html>.
//!
//! A page is cut out of all datapoints of all results; its token is how many went before.

use serde::Deserialize;
use serde_json::{Value, json};

use super::error::{store, validation};
use super::query::{MetricDataQuery, Plan, Query, Source, Statistics, in_expression, plan};
use super::shape::rounded;
use super::token;
use crate::api::{Call, Reply, Services};
use crate::metric::evaluation::{self, Evaluator, Series};
use crate::metric::statistic::gather;
use crate::metric::{Bucket, FINE_RETENTION_S, Metrics, RETENTION_S, Span};
use crate::protocol::AwsError;

/// Datapoints of one page.
const MAX_DATAPOINTS: usize = 100_800;
/// Periods of all queries in the time range, as far as data are kept.
const MAX_PERIODS: i64 = 1_000_000;
/// Data are taken up to two hours ahead.
const AHEAD_S: i64 = 2 * 3_600;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    metric_data_queries: Vec<MetricDataQuery>,
    start_time: f64,
    end_time: f64,
    next_token: Option<String>,
    scan_by: Option<String>,
    max_datapoints: Option<i64>,
}

/// One series of a result.
struct Outcome {
    id: String,
    label: String,
    points: Vec<(i64, f64)>,
}

/// Answers GetMetricData.
///
/// # Errors
/// Queries that make no sense, an unknown token, or the store's fault.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let offset = match &input.next_token {
        None => 0,
        Some(text) => token::read(text)?,
    };
    let size = page_size(input.max_datapoints)?;
    let plan = plan(input.metric_data_queries, &call.identity)?;
    let (start, end) = (input.start_time, input.end_time);
    let now_s = services.clock.now_ms() / 1_000;
    let range = range(&plan, start, end, now_s)?;
    let mut evaluator = Evaluator::new(range.0, range.1);
    for query in &plan.queries {
        if let Source::Metric(statistics) = &query.source {
            let series = series(&services.metrics, statistics, range, now_s).await?;
            evaluator.add_metric(&query.id, series);
        }
    }
    for at in &plan.expressions {
        let query = &plan.queries[*at];
        if let Source::Expression(expression) = &query.source {
            evaluator
                .add_expression(&query.id, expression)
                .map_err(|error| in_expression(&query.id, &error))?;
        }
    }
    let mut outcomes = outcomes(&plan.queries, &mut evaluator)?;
    if input.scan_by.as_deref() != Some("TimestampAscending") {
        for outcome in &mut outcomes {
            outcome.points.reverse();
        }
    }
    Ok(Reply::of(page(&outcomes, offset, size)))
}

fn page_size(asked: Option<i64>) -> Result<usize, AwsError> {
    let Some(asked) = asked else {
        return Ok(MAX_DATAPOINTS);
    };
    let size = usize::try_from(asked)
        .ok()
        .filter(|size| (1..=MAX_DATAPOINTS).contains(size));
    size.ok_or_else(|| {
        let message =
            format!("The parameter MaxDatapoints must be between 1 and {MAX_DATAPOINTS}.");
        validation(message)
    })
}

/// The time range, as far as data are kept.
fn range(plan: &Plan, start: f64, end: f64, now_s: i64) -> Result<(i64, i64), AwsError> {
    if start >= end {
        let message = "The parameter StartTime must be less than the parameter EndTime.";
        return Err(validation(message));
    }
    let metrics = plan.queries.iter().filter_map(|query| match &query.source {
        Source::Metric(statistics) => Some(statistics.period_s),
        Source::Expression(_) => None,
    });
    let periods: Vec<i64> = metrics.collect();
    let shortest = periods.iter().copied().min().unwrap_or(60);
    let (from_s, to_s) = rounded(start, end, shortest);
    let to_s = to_s.min(now_s + AHEAD_S);
    let oldest_s = now_s - RETENTION_S;
    let from_s = from_s.max(oldest_s - oldest_s.rem_euclid(60));
    let length_s = (to_s - from_s).max(0);
    let datapoints: i64 = periods.iter().map(|period_s| length_s / period_s).sum();
    if datapoints > MAX_PERIODS {
        return Err(validation(format!(
            "You have requested up to {datapoints} datapoints, which exceeds the limit of {MAX_PERIODS}. \
             You may reduce the datapoints requested by increasing Period, or decreasing the time range."
        )));
    }
    Ok((from_s, to_s))
}

async fn series(
    metrics: &Metrics,
    statistics: &Statistics,
    (from_s, to_s): (i64, i64),
    now_s: i64,
) -> Result<Series, AwsError> {
    let period_s = statistics.period_s;
    let fine = period_s < 60;
    let from_s = match fine {
        true => from_s.max(now_s - FINE_RETENTION_S),
        false => from_s,
    };
    let span = Span { from_s, to_s, fine };
    let buckets = metrics.read(&statistics.key, span).await.map_err(store)?;
    let mut by_time = std::collections::BTreeMap::<i64, Bucket>::new();
    for ((start, _), bucket) in gather(&buckets, period_s, statistics.unit) {
        by_time.entry(start).or_default().merge(&bucket);
    }
    let point = |(start, bucket)| Some((start, statistics.statistic.of(&bucket)?));
    Ok(Series {
        label: statistics.key.name.clone(),
        period_s,
        points: by_time.into_iter().filter_map(point).collect(),
    })
}

/// The results that are returned, in the order of their queries.
fn outcomes(queries: &[Query], evaluator: &mut Evaluator) -> Result<Vec<Outcome>, AwsError> {
    let mut outcomes = Vec::new();
    for query in queries.iter().filter(|query| query.is_returned) {
        let series = match evaluator.take(&query.id) {
            None => continue,
            Some(evaluation::Value::Series(series)) => vec![series],
            Some(evaluation::Value::Array(array)) => array,
            Some(evaluation::Value::Scalar(_)) => {
                let message = "The expression must return a time series or an array of time series";
                return Err(in_expression(&query.id, &message));
            }
        };
        let is_array = series.len() > 1;
        for series in series {
            let own = match &query.source {
                Source::Metric(_) => series.label,
                Source::Expression(_) if is_array => format!("{} {}", query.id, series.label),
                Source::Expression(_) => query.id.clone(),
            };
            outcomes.push(Outcome {
                id: query.id.clone(),
                label: query.label.clone().unwrap_or(own),
                points: series.points.into_iter().collect(),
            });
        }
    }
    Ok(outcomes)
}

/// The datapoints behind the first `offset`, at most `size`. A result without any is told once, where it would stand.
fn page(outcomes: &[Outcome], offset: usize, size: usize) -> Value {
    let (mut passed, mut room) = (0, size);
    let mut results = Vec::new();
    let mut output = json!({ "Messages": [] });
    for outcome in outcomes {
        let start = passed;
        let length = outcome.points.len();
        passed += length;
        let is_due = match length {
            0 => offset == 0 || start > offset,
            _ => passed > offset,
        };
        if !is_due {
            continue;
        }
        let first = offset.saturating_sub(start);
        let taken = room.min(length - first);
        let is_whole = first + taken == length;
        if taken > 0 || length == 0 {
            let points = &outcome.points[first..first + taken];
            let (times, values): (Vec<i64>, Vec<f64>) = points.iter().copied().unzip();
            results.push(json!({
                "Id": outcome.id,
                "Label": outcome.label,
                "Timestamps": times,
                "Values": values,
                "StatusCode": if is_whole { "Complete" } else { "PartialData" },
            }));
        }
        room -= taken;
        if !is_whole {
            output["NextToken"] = json!(token::write(&(start + first + taken)));
            break;
        }
    }
    output["MetricDataResults"] = json!(results);
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(id: &str, points: i64) -> Outcome {
        Outcome {
            id: id.to_owned(),
            label: id.to_owned(),
            points: (0..points).map(|at| (at * 60, at as f64)).collect(),
        }
    }

    #[test]
    fn pages_cover_everything_once() {
        let outcomes = [
            outcome("a", 3),
            outcome("b", 0),
            outcome("c", 0),
            outcome("d", 5),
            outcome("e", 0),
            outcome("f", 1),
        ];
        for size in 1..12 {
            let (mut offset, mut seen, mut pages) = (0, Vec::new(), 0);
            loop {
                let page = page(&outcomes, offset, size);
                pages += 1;
                for result in page["MetricDataResults"].as_array().expect("a list") {
                    let id = result["Id"].as_str().expect("text").to_owned();
                    let values = result["Values"].as_array().expect("a list");
                    match values.is_empty() {
                        true => seen.push((id, None)),
                        false => seen.extend(values.iter().map(|value| {
                            (
                                id.clone(),
                                value.as_i64().or(value.as_f64().map(|value| value as i64)),
                            )
                        })),
                    }
                }
                match page["NextToken"].as_str() {
                    Some(text) => offset = token::read(text).expect("ours"),
                    None => break,
                }
            }
            let expected: Vec<_> = outcomes
                .iter()
                .flat_map(|outcome| match outcome.points.len() {
                    0 => vec![(outcome.id.clone(), None)],
                    length => (0..length as i64)
                        .map(|at| (outcome.id.clone(), Some(at)))
                        .collect(),
                })
                .collect();
            assert_eq!(seen, expected, "pages of {size}");
            assert_eq!(pages, 9_usize.div_ceil(size), "pages of {size}");
        }
    }

    #[test]
    fn a_whole_result_is_complete_and_a_cut_one_is_not() {
        let outcomes = [outcome("a", 2), outcome("b", 2)];
        let first = page(&outcomes, 0, 3);
        let codes = |page: &Value| {
            let results = page["MetricDataResults"].as_array().expect("a list");
            results
                .iter()
                .map(|result| result["StatusCode"].clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(codes(&first), ["Complete", "PartialData"]);
        assert_eq!(codes(&page(&outcomes, 3, 3)), ["Complete"]);
        assert_eq!(
            page_size(Some(0)).expect_err("too small").code,
            "ValidationError"
        );
        assert_eq!(page_size(None), Ok(MAX_DATAPOINTS));
    }
}
