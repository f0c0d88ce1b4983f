//! FilterLogEvents: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html>.
//!
//! Streams are always interleaved, as on AWS since 2019, and `searchedLogStreams` is always empty.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;

use super::error::invalid;
use super::{group, token};
use crate::api::{Call, Reply, Services};
use crate::log::filter_pattern::FilterPattern;
use crate::log::{Logs, Search, StreamChoice};
use crate::protocol::AwsError;

/// The largest page, and AWS's default.
const PAGE_EVENTS: usize = 10_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_names: Option<Vec<String>>,
    log_stream_name_prefix: Option<String>,
    start_time: Option<i64>,
    end_time: Option<i64>,
    filter_pattern: Option<String>,
    next_token: Option<String>,
    limit: Option<usize>,
}

/// Answers FilterLogEvents.
///
/// # Errors
/// No such group or stream, members that exclude each other, a bad pattern, a foreign token, or a fault of ours.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    answer(&call, &services.logs).await
}

async fn answer(call: &Call, logs: &Arc<Logs>) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let identifier = input.log_group_identifier.as_deref();
    let group = group::chosen(&call.identity, input.log_group_name, identifier)?;
    let streams = match (input.log_stream_names, input.log_stream_name_prefix) {
        (Some(_), Some(_)) => {
            return Err(invalid(
                "LogStream names and LogStream name prefix are mutually exclusive parameters.",
            ));
        }
        (Some(names), None) => StreamChoice::Named(names),
        (None, prefix) => StreamChoice::Prefix(prefix.unwrap_or_default()),
    };
    let search = Search {
        streams,
        from_ms: input.start_time.unwrap_or(0),
        // Here, unlike in GetLogEvents, the end belongs to the range.
        to_ms: input.end_time.map_or(i64::MAX, |end| end.saturating_add(1)),
        after: input.next_token.as_deref().map(token::decode).transpose()?,
        limit: input.limit.unwrap_or(PAGE_EVENTS).min(PAGE_EVENTS),
        pattern: FilterPattern::parse(input.filter_pattern.as_deref().unwrap_or(""))?,
    };
    let found = logs.search(&group, search).await?;
    let events: Vec<_> = found
        .events
        .iter()
        .map(|found| {
            json!({
                "logStreamName": &*found.stream,
                "timestamp": found.event.event.time_ms,
                "message": found.event.event.message,
                "ingestionTime": found.event.ingested_ms,
                "eventId": found.event.id(),
            })
        })
        .collect();
    let mut output = json!({ "events": events, "searchedLogStreams": [] });
    if let Some(next) = found.next {
        output["nextToken"] = json!(token::encode(&next));
    }
    Ok(Reply::of(output))
}
