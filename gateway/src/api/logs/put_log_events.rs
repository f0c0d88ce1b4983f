//! PutLogEvents: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html>.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::group::named;
use crate::api::{Call, Reply, Services};
use crate::log::{Acceptance, LogEvent};
use crate::protocol::AwsError;

/// Tokens are always accepted and never expected since 2023; old clients want one in the answer.
const NEXT_SEQUENCE_TOKEN: &str = "49545295115971876468408574808465530214343480843939348498";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    log_group_name: String,
    log_stream_name: String,
    log_events: Vec<InputLogEvent>,
}

#[derive(Deserialize)]
struct InputLogEvent {
    timestamp: i64,
    message: String,
}

/// Answers PutLogEvents, once the accepted events are durable.
///
/// # Errors
/// No such group or stream, a batch that is refused whole, or a fault of ours.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let group = named(&call.identity, input.log_group_name);
    let events = input.log_events.into_iter().map(|event| LogEvent {
        time_ms: event.timestamp,
        message: event.message,
    });
    let acceptance = services
        .logs
        .put(&group, &input.log_stream_name, events.collect())
        .await?;
    let mut output = json!({ "nextSequenceToken": NEXT_SEQUENCE_TOKEN });
    let rejected = rejected(&acceptance);
    if !rejected.is_empty() {
        output["rejectedLogEventsInfo"] = Value::Object(rejected);
    }
    Ok(Reply::of(output))
}

fn rejected(acceptance: &Acceptance) -> Map<String, Value> {
    [
        ("tooOldLogEventEndIndex", acceptance.too_old_end),
        ("expiredLogEventEndIndex", acceptance.expired_end),
        ("tooNewLogEventStartIndex", acceptance.too_new_start),
    ]
    .into_iter()
    .filter_map(|(member, index)| Some((member.to_owned(), json!(index?))))
    .collect()
}
