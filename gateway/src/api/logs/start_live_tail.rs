//! StartLiveTail: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html>.
//!
//! The answer is a stream: `initial-response`, `sessionStart`, then a `sessionUpdate` whenever there is news and each second
//! when there is none. It ends when the client hangs up, after three hours, or with the server.

use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::error::invalid;
use crate::api::{Call, Reply, Services};
use crate::auth::Identity;
use crate::log::filter_pattern::FilterPattern;
use crate::log::{
    GroupKey, LogError, Logs, StreamChoice, Tail, TailChoice, TailStep, TailUpdate, TailedEvent,
};
use crate::protocol::AwsError;
use crate::protocol::event_stream::{Event, EventStream};

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    log_group_identifiers: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log_stream_names: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log_stream_name_prefixes: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log_event_filter_pattern: Option<String>,
}

/// Answers StartLiveTail.
///
/// # Errors
/// No such group, members that exclude each other, a bad pattern, too many sessions, or a fault of ours.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    answer(&call, &services.logs).await
}

async fn answer(call: &Call, logs: &Arc<Logs>) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let choice = chosen(&call.identity, &input)?;
    let tail = logs.tail(choice).await?;
    // It says what was asked for, and who it is.
    let mut start = serde_json::to_value(&input).expect("the input is text and lists of text");
    start["requestId"] = json!(call.request_id);
    start["sessionId"] = json!(call.request_id);
    Ok(Reply::streaming(session(&start, tail)))
}

fn chosen(identity: &Identity, input: &Input) -> Result<TailChoice, AwsError> {
    let mut groups = Vec::with_capacity(input.log_group_identifiers.len());
    for identifier in &input.log_group_identifiers {
        let group = GroupKey::identified(&identity.account, &identity.region, identifier);
        groups.push(group.ok_or(LogError::GroupNotFound)?);
    }
    let (names, prefixes) = (&input.log_stream_names, &input.log_stream_name_prefixes);
    if names.is_some() && prefixes.is_some() {
        return Err(invalid(
            "LogStream names and LogStream name prefixes are mutually exclusive parameters.",
        ));
    }
    if (names.is_some() || prefixes.is_some()) && groups.len() > 1 {
        return Err(invalid(
            "LogStream names and LogStream name prefixes need exactly one log group.",
        ));
    }
    let named = names.iter().cloned().map(StreamChoice::Named);
    let prefixed = prefixes.iter().flatten().cloned().map(StreamChoice::Prefix);
    let pattern = input.log_event_filter_pattern.as_deref().unwrap_or("");
    Ok(TailChoice {
        groups,
        streams: named.chain(prefixed).collect(),
        pattern: FilterPattern::parse(pattern)?,
    })
}

/// The session's events; the tail is open for as long as the stream is held.
fn session(start: &Value, tail: Tail) -> EventStream {
    let opening = [
        Event::initial_response(&json!({})),
        Event::named("sessionStart", start),
    ];
    let updates = stream::unfold(Some(tail), |tail| async move {
        let mut tail = tail?;
        Some(match tail.next().await {
            TailStep::Update(update) => {
                let event = Event::named("sessionUpdate", &update_output(&update));
                (event, Some(tail))
            }
            TailStep::TimedOut => {
                let message = "The session has reached its limit of three hours.";
                (ending("SessionTimeoutException", message), None)
            }
            TailStep::Closed => {
                let message = "The session ends because the server stops.";
                (ending("SessionStreamingException", message), None)
            }
        })
    });
    Box::pin(stream::iter(opening).chain(updates))
}

fn ending(code: &'static str, message: &str) -> Event {
    Event::exception(&AwsError::new(code, 400, message))
}

fn update_output(update: &TailUpdate) -> Value {
    let results: Vec<Value> = update.events.iter().map(event_output).collect();
    json!({
        "sessionMetadata": { "sampled": update.sampled },
        "sessionResults": results,
    })
}

fn event_output(tailed: &TailedEvent) -> Value {
    let group = &tailed.group;
    json!({
        "logGroupIdentifier": format!("{}:{}", group.account, group.name),
        "logStreamName": &*tailed.stream,
        "message": tailed.event.message,
        "timestamp": tailed.event.time_ms,
        "ingestionTime": tailed.ingested_ms,
    })
}
