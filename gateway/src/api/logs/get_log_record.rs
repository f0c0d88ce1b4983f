//! GetLogRecord: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogRecord.html>.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::error::invalid;
use super::group::named;
use crate::api::{Call, Reply, Services};
use crate::log::insights::Source;
use crate::log::{EventPointer, EventRange};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    log_record_pointer: String,
}

/// Answers GetLogRecord: the event that a `@ptr` points at, with every field that was found in it.
///
/// # Errors
/// A pointer that is none of ours, or to an event that is no longer there.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let pointer = EventPointer::decode(&input.log_record_pointer)
        .ok_or_else(|| invalid("The specified logRecordPointer is invalid."))?;
    let group = named(&call.identity, pointer.group);
    let range = EventRange {
        from_ms: pointer.time_ms,
        to_ms: pointer.time_ms.saturating_add(1),
        after: pointer
            .sequence
            .checked_sub(1)
            .map(|before| (pointer.time_ms, before)),
        backward: false,
        limit: 1,
    };
    let found = services.logs.read(&group, &pointer.stream, range).await?;
    let event = found
        .into_iter()
        .find(|event| event.sequence == pointer.sequence);
    let Some(event) = event else {
        let message = "The specified log record does not exist.";
        return Err(AwsError::new("ResourceNotFoundException", 400, message));
    };
    let stream = Arc::from(pointer.stream.as_str());
    let fields = Source::new(Arc::new(group), stream, event).fields();
    let record: serde_json::Map<String, Value> = fields
        .into_iter()
        .map(|(name, value)| (name, json!(value)))
        .collect();
    Ok(Reply::of(json!({ "logRecord": record })))
}
