//! StartQuery: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html>.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;

use super::error::invalid;
use super::group::named;
use crate::api::{Call, Reply, Services};
use crate::auth::Identity;
use crate::log::insights::Query;
use crate::log::{GroupKey, LogError, Logs, QueryRequest};
use crate::protocol::AwsError;

/// The groups of one query.
const MAX_GROUPS: usize = 50;
/// The rows of a query that does not say how many, nor does its caller.
const DEFAULT_LIMIT: usize = 10_000;
/// A time is in seconds; from here on (the year 5138) it is taken for milliseconds, which some callers send.
const LEAST_MILLISECONDS: i64 = 100_000_000_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    log_group_name: Option<String>,
    log_group_names: Option<Vec<String>>,
    log_group_identifiers: Option<Vec<String>>,
    start_time: i64,
    end_time: i64,
    query_string: String,
    query_language: Option<String>,
    limit: Option<usize>,
}

/// Answers StartQuery.
///
/// # Errors
/// No such group, members that exclude each other, a query that is not understood, too many queries, or a fault of ours.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    answer(&call, &services.logs).await
}

async fn answer(call: &Call, logs: &Arc<Logs>) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    if let Some(language) = input.query_language.filter(|language| language != "CWLI") {
        return Err(invalid(format!(
            "hearth does not answer queries in {language}."
        )));
    }
    let groups = chosen(
        &call.identity,
        input.log_group_name,
        input.log_group_names,
        input.log_group_identifiers,
    )?;
    let (from_ms, _) = milliseconds(input.start_time);
    let (end_ms, unit_ms) = milliseconds(input.end_time);
    if end_ms < from_ms {
        return Err(invalid(
            "Query's end date and time is before its start date and time.",
        ));
    }
    let request = QueryRequest {
        groups,
        from_ms,
        // The end belongs to the range, with all of its second.
        to_ms: end_ms.saturating_add(unit_ms),
        query: Query::parse(&input.query_string)?,
        text: input.query_string,
        limit: input.limit.unwrap_or(DEFAULT_LIMIT),
    };
    let id = logs.start_query(request).await?;
    Ok(Reply::of(json!({ "queryId": id })))
}

fn chosen(
    identity: &Identity,
    name: Option<String>,
    names: Option<Vec<String>>,
    identifiers: Option<Vec<String>>,
) -> Result<Vec<GroupKey>, AwsError> {
    let mut groups: Vec<GroupKey> = match (name, names, identifiers) {
        (Some(name), None, None) => vec![named(identity, name)],
        (None, Some(names), None) => names
            .into_iter()
            .map(|name| named(identity, name))
            .collect(),
        (None, None, Some(identifiers)) => {
            let identified =
                |text: &String| GroupKey::identified(&identity.account, &identity.region, text);
            let groups: Option<Vec<GroupKey>> = identifiers.iter().map(identified).collect();
            groups.ok_or(LogError::GroupNotFound)?
        }
        _ => {
            return Err(invalid(
                "Exactly one of logGroupName, logGroupNames and logGroupIdentifiers must be given.",
            ));
        }
    };
    groups.sort_unstable();
    groups.dedup();
    if groups.is_empty() || groups.len() > MAX_GROUPS {
        return Err(invalid(format!(
            "A query is of 1 to {MAX_GROUPS} log groups."
        )));
    }
    Ok(groups)
}

/// A time in milliseconds, and how long its unit is.
fn milliseconds(time: i64) -> (i64, i64) {
    match time {
        LEAST_MILLISECONDS.. => (time, 1),
        _ => (time * 1_000, 1_000),
    }
}
