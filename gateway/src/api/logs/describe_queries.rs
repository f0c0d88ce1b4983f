//! DescribeQueries: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeQueries.html>.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{query, token};
use crate::api::{Call, Reply, Services};
use crate::log::QueryState;
use crate::protocol::AwsError;

/// The largest page, and hearth's default.
const PAGE_QUERIES: usize = 1_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    log_group_name: Option<String>,
    status: Option<String>,
    query_language: Option<String>,
    max_results: Option<usize>,
    next_token: Option<String>,
}

/// Answers DescribeQueries: those that are known, newest first.
///
/// # Errors
/// A foreign token.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let is_wanted = |state: &QueryState| {
        let name = input.log_group_name.as_ref();
        name.is_none_or(|name| state.groups.iter().any(|group| group.name == *name))
            && (input.status.as_deref()).is_none_or(|wanted| wanted == query::status(state.status))
            && (input.query_language.as_deref()).is_none_or(|wanted| wanted == query::LANGUAGE)
    };
    let identity = &call.identity;
    let mut states = services.logs.queries(&identity.account, &identity.region);
    states.retain(is_wanted);
    // A page goes on behind the query that the one before ended with.
    let after: Option<String> = input.next_token.as_deref().map(token::decode).transpose()?;
    let start = match after {
        None => 0,
        Some(id) => {
            let place = states.iter().position(|state| state.id == id);
            place.ok_or_else(token::refused)? + 1
        }
    };
    let most = input.max_results.unwrap_or(PAGE_QUERIES).min(PAGE_QUERIES);
    let end = start.saturating_add(most).min(states.len());
    let outputs: Vec<Value> = states[start..end].iter().map(query_output).collect();
    let mut output = json!({ "queries": outputs });
    if let Some(last) = states[start..end].last().filter(|_| end < states.len()) {
        output["nextToken"] = json!(token::encode(&last.id));
    }
    Ok(Reply::of(output))
}

fn query_output(state: &QueryState) -> Value {
    json!({
        "queryLanguage": query::LANGUAGE,
        "queryId": state.id,
        "queryString": state.text,
        "status": query::status(state.status),
        "createTime": state.created_ms,
        "queryDuration": state.duration_ms,
        "bytesScanned": state.statistics.scanned_bytes as f64,
        "logGroupName": state.groups.first().map(|group| &group.name),
    })
}
