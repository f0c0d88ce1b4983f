//! The queries of a GetMetricData, held against CloudWatch's rules and against each other. Pure.

use std::collections::HashSet;

use serde::Deserialize;

use super::error::{exclusive, validation};
use super::shape::{Dimension, is_period, series_key, sorted, unit};
use crate::auth::Identity;
use crate::metric::evaluation::order;
use crate::metric::expression::{Expression, is_id};
use crate::metric::statistic::Statistic;
use crate::metric::{SeriesKey, Unit};
use crate::protocol::AwsError;

/// Queries of one request.
const MAX_QUERIES: usize = 500;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct MetricDataQuery {
    id: String,
    metric_stat: Option<MetricStat>,
    expression: Option<String>,
    label: Option<String>,
    period: Option<i64>,
    return_data: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MetricStat {
    metric: Metric,
    period: i64,
    stat: String,
    unit: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Metric {
    namespace: Option<String>,
    metric_name: Option<String>,
    #[serde(default)]
    dimensions: Vec<Dimension>,
}

/// One query.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) id: String,
    pub(super) source: Source,
    pub(super) label: Option<String>,
    pub(super) is_returned: bool,
}

/// Where its values come from.
#[derive(Debug)]
pub(super) enum Source {
    Metric(Box<Statistics>),
    Expression(Expression),
}

/// Statistics of a series.
#[derive(Debug)]
pub(super) struct Statistics {
    pub(super) key: SeriesKey,
    pub(super) period_s: i64,
    pub(super) statistic: Statistic,
    pub(super) unit: Option<Unit>,
}

/// All queries, and the order in which those that are expressions can be worked out.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) queries: Vec<Query>,
    pub(super) expressions: Vec<usize>,
}

/// Reads the queries of a request.
///
/// # Errors
/// `ValidationError`, in CloudWatch's words where they are known.
pub(super) fn plan(queries: Vec<MetricDataQuery>, caller: &Identity) -> Result<Plan, AwsError> {
    if queries.is_empty() {
        let message = "The parameter MetricDataQueries is required.";
        return Err(validation(message));
    }
    if queries.len() > MAX_QUERIES {
        let message = format!(
            "The collection MetricDataQueries must not have a size greater than {MAX_QUERIES}."
        );
        return Err(validation(message));
    }
    let mut ids = HashSet::new();
    let mut read = Vec::with_capacity(queries.len());
    for (at, query) in queries.into_iter().enumerate() {
        let member = format!("MetricDataQueries.member.{}", at + 1);
        if !is_id(&query.id) {
            let id = query.id;
            let message = format!(
                "The value {id} for parameter {member}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$."
            );
            return Err(validation(message));
        }
        if !ids.insert(query.id.clone()) {
            let message = "The values for parameter id in MetricDataQueries are not unique.";
            return Err(validation(message));
        }
        read.push(self::query(query, &member, caller)?);
    }
    let expressions = ordered(&read)?;
    Ok(Plan {
        queries: read,
        expressions,
    })
}

/// An error about an expression, in CloudWatch's words.
pub(super) fn in_expression(id: &str, error: &impl std::fmt::Display) -> AwsError {
    validation(format!("Error in expression '{id}': {error}"))
}

fn query(query: MetricDataQuery, member: &str, caller: &Identity) -> Result<Query, AwsError> {
    let stat_member = format!("{member}.MetricStat");
    let source = match (query.metric_stat, query.expression) {
        (Some(_), Some(_)) => {
            let message = exclusive(&format!("{member}.Expression"), &stat_member);
            return Err(validation(message));
        }
        (None, None) => {
            let message = format!(
                "At least one of the parameters {member}.Expression and {stat_member} must be specified."
            );
            return Err(validation(message));
        }
        (Some(_), None) if query.period.is_some() => {
            let message = exclusive(&format!("{member}.Period"), &stat_member);
            return Err(validation(message));
        }
        (Some(stat), None) => Source::Metric(statistics(stat, &stat_member, caller)?.into()),
        (None, Some(text)) => {
            let expression =
                Expression::parse(&text).map_err(|error| in_expression(&query.id, &error))?;
            Source::Expression(expression)
        }
    };
    Ok(Query {
        id: query.id,
        source,
        label: query.label,
        is_returned: query.return_data.unwrap_or(true),
    })
}

fn statistics(stat: MetricStat, member: &str, caller: &Identity) -> Result<Statistics, AwsError> {
    let Metric {
        namespace,
        metric_name,
        dimensions,
    } = stat.metric;
    let required = |value: Option<String>, name: &str| {
        let message = format!("The parameter {member}.Metric.{name} is required.");
        value.ok_or_else(|| validation(message))
    };
    let (namespace, name) = (
        required(namespace, "Namespace")?,
        required(metric_name, "MetricName")?,
    );
    if !is_period(stat.period) {
        let message =
            format!("The parameter {member}.Period must be 1, 5, 10, 30, or a multiple of 60.");
        return Err(validation(message));
    }
    let statistic = Statistic::parse(&stat.stat).ok_or_else(|| {
        let stat = &stat.stat;
        validation(format!(
            "The value {stat} for parameter {member}.Stat is not supported."
        ))
    })?;
    let dimensions = sorted(dimensions, &format!("{member}.Metric.Dimensions"))?;
    Ok(Statistics {
        key: series_key(caller, namespace, name, dimensions),
        period_s: stat.period,
        statistic,
        unit: unit(stat.unit.as_deref(), &format!("{member}.Unit"))?,
    })
}

fn ordered(queries: &[Query]) -> Result<Vec<usize>, AwsError> {
    let (mut places, mut expressions) = (Vec::new(), Vec::new());
    let mut metrics = HashSet::new();
    for (at, query) in queries.iter().enumerate() {
        match &query.source {
            Source::Metric(_) => drop(metrics.insert(query.id.as_str())),
            Source::Expression(expression) => {
                places.push(at);
                expressions.push((query.id.as_str(), expression));
            }
        }
    }
    let order = order(&expressions, |id| metrics.contains(id));
    let order = order.map_err(|(at, error)| in_expression(expressions[at].0, &error))?;
    Ok(order.into_iter().map(|at| places[at]).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn metric(id: &str) -> Value {
        json!({"Id": id, "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "M"}, "Period": 60, "Stat": "Sum"}})
    }

    fn planned(queries: Value) -> Result<Plan, AwsError> {
        let identity = Identity {
            account: "000000000000".to_owned(),
            region: "us-east-1".to_owned(),
            access_key: String::new(),
        };
        plan(serde_json::from_value(queries).expect("valid"), &identity)
    }

    #[track_caller]
    fn assert_refused(queries: Value, message: &str) {
        let error = planned(queries).expect_err(message);
        assert_eq!(
            (error.code, error.message.as_str()),
            ("ValidationError", message)
        );
    }

    #[test]
    fn expressions_come_behind_what_they_name() {
        let queries = json!([{"Id": "x", "Expression": "y + m"}, {"Id": "y", "Expression": "m * 2"}, metric("m")]);
        assert_eq!(planned(queries).expect("valid").expressions, [1, 0]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        assert_refused(
            json!([{"Id": "e", "Expression": "nobody * 2"}]),
            "Error in expression 'e': There is no metric or expression with the id 'nobody'",
        );
        assert_refused(
            json!([{"Id": "e", "Expression": "1 +"}]),
            "Error in expression 'e': Invalid syntax",
        );
        assert_refused(
            json!([{"Id": "e", "Expression": "SEARCH('x', 'Sum')"}]),
            "Error in expression 'e': Function 'SEARCH' not found",
        );
        assert_refused(
            json!([metric("m"), metric("m")]),
            "The values for parameter id in MetricDataQueries are not unique.",
        );
        let mut with_period = metric("m");
        with_period["Period"] = json!(60);
        assert_refused(
            json!([with_period]),
            "The parameters MetricDataQueries.member.1.Period and MetricDataQueries.member.1.MetricStat are mutually exclusive and \
             you have specified both.",
        );
        let mut median = metric("m");
        median["MetricStat"]["Stat"] = json!("Median");
        assert_refused(
            json!([median]),
            "The value Median for parameter MetricDataQueries.member.1.MetricStat.Stat is not supported.",
        );
        assert!(planned(json!([metric("M")])).is_err());
        assert!(planned(json!([{"Id": "m"}])).is_err());
    }
}
