//! GetQueryResults: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetQueryResults.html>.
//!
//! Rows are there once the query is complete; until then the statistics grow.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{query, token};
use crate::api::{Call, Reply, Services};
use crate::log::QueryState;
use crate::log::insights::ResultRow;
use crate::protocol::AwsError;

/// The largest page, and AWS's default.
const PAGE_ROWS: usize = 10_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    query_id: String,
    max_items: Option<usize>,
    next_token: Option<String>,
}

/// Answers GetQueryResults.
///
/// # Errors
/// No such query, or a foreign token.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let identity = &call.identity;
    let logs = &services.logs;
    let state = logs.query(&identity.account, &identity.region, &input.query_id)?;
    let start = match &input.next_token {
        None => 0,
        Some(text) => {
            let (id, start): (String, usize) = token::decode(text)?;
            if id != state.id {
                return Err(token::refused());
            }
            start.min(state.rows.len())
        }
    };
    let most = input
        .max_items
        .filter(|count| *count > 0)
        .unwrap_or(PAGE_ROWS);
    let end = start.saturating_add(most).min(state.rows.len());
    Ok(Reply::of(output(&state, start, end)))
}

fn output(state: &QueryState, start: usize, end: usize) -> Value {
    let statistics = state.statistics;
    let rows: Vec<Value> = state.rows[start..end].iter().map(row_output).collect();
    let mut output = json!({
        "queryLanguage": query::LANGUAGE,
        "results": rows,
        "status": query::status(state.status),
        "statistics": {
            "recordsMatched": statistics.matched as f64,
            "recordsScanned": statistics.scanned as f64,
            "bytesScanned": statistics.scanned_bytes as f64,
            "estimatedRecordsSkipped": 0.0,
            "estimatedBytesSkipped": 0.0,
            "logGroupsScanned": state.groups.len() as f64,
        },
    });
    if end < state.rows.len() {
        output["nextToken"] = json!(token::encode(&(&state.id, end)));
    }
    output
}

fn row_output(row: &ResultRow) -> Value {
    let fields = row.iter();
    fields
        .map(|(field, value)| json!({ "field": &**field, "value": value }))
        .collect()
}
