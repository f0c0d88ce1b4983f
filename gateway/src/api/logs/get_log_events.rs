//! GetLogEvents: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html>.
//!
//! A token is a direction and a boundary between two events; reading across it neither repeats nor leaves out one. At the end
//! of the stream the boundary, and so the token, stays where it is.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;

use super::{group, token};
use crate::api::{Call, Reply, Services};
use crate::log::{EventRange, Logs, StoredEvent};
use crate::protocol::AwsError;

/// The largest page, and AWS's default.
const PAGE_EVENTS: usize = 10_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_name: String,
    start_time: Option<i64>,
    end_time: Option<i64>,
    next_token: Option<String>,
    limit: Option<usize>,
    start_from_head: Option<bool>,
}

/// Answers GetLogEvents.
///
/// # Errors
/// No such group or stream, a foreign token, or a fault of ours.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    answer(&call, &services.logs).await
}

async fn answer(call: &Call, logs: &Arc<Logs>) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let identifier = input.log_group_identifier.as_deref();
    let group = group::chosen(&call.identity, input.log_group_name, identifier)?;
    let token = match input.next_token.as_deref() {
        Some(token) => Some(Token::parse(token).ok_or_else(token::refused)?),
        None => None,
    };
    let from_ms = input.start_time.unwrap_or(0);
    let range = EventRange {
        from_ms,
        to_ms: input.end_time.unwrap_or(i64::MAX),
        after: token.map(|token| token.after()),
        backward: match token {
            Some(token) => token.backward,
            None => !input.start_from_head.unwrap_or(false),
        },
        limit: input.limit.unwrap_or(PAGE_EVENTS).min(PAGE_EVENTS),
    };
    let mut events = logs.read(&group, &input.log_stream_name, range).await?;
    if range.backward {
        events.reverse();
    }
    // Of an empty page both ends are where it started.
    let start = token.map_or((from_ms, 0), |token| token.boundary);
    let first = events.first().map_or(start, before);
    let last = events.last().map_or(start, StoredEvent::position);
    let outputs: Vec<_> = events
        .iter()
        .map(|event| {
            json!({
                "timestamp": event.event.time_ms,
                "message": event.event.message,
                "ingestionTime": event.ingested_ms,
            })
        })
        .collect();
    Ok(Reply::of(json!({
        "events": outputs,
        "nextForwardToken": Token { backward: false, boundary: last }.text(),
        "nextBackwardToken": Token { backward: true, boundary: first }.text(),
    })))
}

/// The boundary right before an event.
fn before(event: &StoredEvent) -> (i64, u64) {
    let (time_ms, sequence) = event.position();
    // Sequences start at 1.
    (time_ms, sequence.saturating_sub(1))
}

/// Where to read on, and which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Token {
    backward: bool,
    /// Events up to here, this place included, lie before it.
    boundary: (i64, u64),
}

impl Token {
    /// The place behind which the journal reads.
    fn after(self) -> (i64, u64) {
        let (time_ms, sequence) = self.boundary;
        match self.backward {
            true => (time_ms, sequence.saturating_add(1)),
            false => self.boundary,
        }
    }

    fn text(self) -> String {
        let direction = if self.backward { 'b' } else { 'f' };
        let (time_ms, sequence) = self.boundary;
        format!("{direction}/{time_ms:020}{sequence:036}/s")
    }

    fn parse(text: &str) -> Option<Self> {
        let (direction, digits) = text.strip_suffix("/s")?.split_once('/')?;
        let backward = match direction {
            "f" => false,
            "b" => true,
            _ => return None,
        };
        if digits.len() != 56 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let (time_ms, sequence) = digits.split_at(20);
        let boundary = (time_ms.parse().ok()?, sequence.parse().ok()?);
        Some(Self { backward, boundary })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;
    use crate::auth::Identity;
    use crate::clock::Clock;
    use crate::log::{GroupKey, LogEvent};
    use crate::store::memory;

    proptest! {
        #[test]
        fn a_token_says_where_to_read_on(backward: bool, time_ms in 0..i64::MAX, sequence: u64) {
            let token = Token { backward, boundary: (time_ms, sequence) };
            prop_assert_eq!(Token::parse(&token.text()), Some(token));
        }

        #[test]
        fn any_text_is_read_without_panic(text: String) {
            Token::parse(&text);
        }
    }

    #[test]
    fn a_foreign_token_is_none() {
        for text in ["", "nonsense", "f//s", "x/1/s", "f/12☃/s"] {
            assert_eq!(Token::parse(text), None);
        }
    }

    async fn get(logs: &Arc<Logs>, mut input: serde_json::Value) -> (Vec<String>, [String; 2]) {
        input["logGroupName"] = json!("g");
        input["logStreamName"] = json!("s");
        let call = Call {
            identity: Identity {
                account: "000000000000".to_owned(),
                region: "us-east-1".to_owned(),
                access_key: String::new(),
            },
            input,
            payload: bytes::Bytes::new(),
            request_id: String::new(),
            endpoint: String::new(),
            trace_id: None,
        };
        let output = answer(&call, logs).await.unwrap().output;
        let events = output["events"].as_array().unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        (
            events.iter().map(|event| text(&event["message"])).collect(),
            ["nextForwardToken", "nextBackwardToken"].map(|token| text(&output[token])),
        )
    }

    fn write(logs: &Arc<Logs>, messages: &[&str]) {
        let group = GroupKey::identified("000000000000", "us-east-1", "g").unwrap();
        let events = messages.iter().map(|message| LogEvent {
            time_ms: 1_000,
            message: (*message).to_owned(),
        });
        logs.write(&group, "s", events.collect());
    }

    #[tokio::test]
    async fn tokens_walk_both_ways_and_stay_at_the_end() {
        let store = memory::open(Path::new("/nowhere"));
        let logs = Logs::open(store, Clock::fixed(2_000)).await.unwrap();
        write(&logs, &["a", "b", "c"]);
        let (page, [forward, _]) = get(&logs, json!({ "limit": 2, "startFromHead": true })).await;
        assert_eq!(page, ["a", "b"]);
        let (page, [end, _]) = get(&logs, json!({ "limit": 2, "nextToken": forward })).await;
        assert_eq!(page, ["c"]);
        let (page, [again, backward]) = get(&logs, json!({ "nextToken": end })).await;
        assert_eq!((page.len(), &again), (0, &end));
        let (page, [forward, backward]) =
            get(&logs, json!({ "limit": 2, "nextToken": backward })).await;
        assert_eq!(page, ["b", "c"]);
        assert_eq!(forward, end);
        let (page, [_, start]) = get(&logs, json!({ "nextToken": backward })).await;
        assert_eq!(page, ["a"]);
        let (page, [forward, again]) = get(&logs, json!({ "nextToken": start })).await;
        assert_eq!((page.len(), &again), (0, &start));
        write(&logs, &["d"]);
        assert_eq!(get(&logs, json!({ "nextToken": end })).await.0, ["d"]);
        let page = get(&logs, json!({ "nextToken": forward })).await.0;
        assert_eq!(page, ["a", "b", "c", "d"]);
    }
}
