//! DescribeLogStreams: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html>.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::error::invalid;
use super::{group, token};
use crate::api::{Call, Reply, Services};
use crate::log::{GroupKey, Logs, Stream, StreamListing, StreamOrder};
use crate::protocol::AwsError;

/// The largest page, and AWS's default.
const PAGE_STREAMS: usize = 50;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_name_prefix: Option<String>,
    order_by: Option<OrderBy>,
    descending: Option<bool>,
    next_token: Option<String>,
    limit: Option<usize>,
}

#[derive(Clone, Copy, Deserialize)]
enum OrderBy {
    LogStreamName,
    LastEventTime,
}

/// Answers DescribeLogStreams.
///
/// # Errors
/// No such group, members that exclude each other, a foreign token, or a fault of ours.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    answer(&call, &services.logs).await
}

async fn answer(call: &Call, logs: &Arc<Logs>) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let identifier = input.log_group_identifier.as_deref();
    let group = group::chosen(&call.identity, input.log_group_name, identifier)?;
    let order = match input.order_by {
        None | Some(OrderBy::LogStreamName) => StreamOrder::Name,
        Some(OrderBy::LastEventTime) => StreamOrder::LastEvent,
    };
    if order == StreamOrder::LastEvent && input.log_stream_name_prefix.is_some() {
        return Err(invalid(
            "Cannot order by LastEventTime with a logStreamNamePrefix.",
        ));
    }
    let listing = StreamListing {
        prefix: input.log_stream_name_prefix.as_deref().unwrap_or(""),
        order,
        descending: input.descending.unwrap_or(false),
        after: input.next_token.as_deref().map(token::decode).transpose()?,
        limit: input.limit.unwrap_or(PAGE_STREAMS).min(PAGE_STREAMS),
    };
    let (streams, more) = logs.streams(&group, listing).await?;
    let outputs: Vec<Value> = streams
        .iter()
        .map(|stream| stream_output(&group, stream))
        .collect();
    let mut output = json!({ "logStreams": outputs });
    if let Some(last) = streams.last().filter(|_| more) {
        output["nextToken"] = json!(token::encode(&order.place(last)));
    }
    Ok(Reply::of(output))
}

fn stream_output(group: &GroupKey, stream: &Stream) -> Value {
    let document = &stream.document;
    let mut output = json!({
        "logStreamName": stream.name,
        "creationTime": document.created_ms,
        "arn": format!("{}:log-stream:{}", group.arn(), stream.name),
        // AWS has answered nothing else since 2019: a stream's size is no longer told.
        "storedBytes": 0,
    });
    let times = [
        ("firstEventTimestamp", document.first_event_ms),
        ("lastEventTimestamp", document.last_event_ms),
        ("lastIngestionTime", document.last_ingestion_ms),
    ];
    for (member, time_ms) in times {
        if let Some(time_ms) = time_ms {
            output[member] = json!(time_ms);
        }
    }
    output
}
