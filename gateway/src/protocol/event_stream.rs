//! Streams of events (StartLiveTail): each a message of headers and a payload, held by two checksums.
//! <https://smithy.io/2.0/aws/amazon-eventstream.html>
//!
//! ```text
//! total length · headers length · CRC of these eight bytes      four bytes each, big endian
//! headers: name length (1) · name · 7 = text · value length (2) · value
//! payload
//! CRC of all that came before
//! ```

use std::pin::Pin;

use bytes::{BufMut as _, Bytes, BytesMut};
use futures_util::Stream;
use http::Response;
use http::header::{CONTENT_TYPE, HeaderValue};
use serde_json::Value;

use super::{AwsError, Body};

/// Events until there are no more.
pub type EventStream = Pin<Box<dyn Stream<Item = Event> + Send>>;

/// The content type of a stream of events.
const STREAM_TYPE: &str = "application/vnd.amazon.eventstream";
/// Both lengths and their checksum.
const PRELUDE_BYTES: usize = 12;
/// A message's checksum.
const CRC_BYTES: usize = 4;
/// The type of a header whose value is text.
const TEXT: u8 = 7;

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    headers: [(&'static str, &'static str); 3],
    payload: Bytes,
}

impl Event {
    /// The event that comes first in a JSON RPC protocol: the output's members beside the stream.
    pub fn initial_response(members: &Value) -> Self {
        Self::of("event", (":event-type", "initial-response"), members)
    }

    /// An event of this name in the model.
    pub fn named(name: &'static str, members: &Value) -> Self {
        Self::of("event", (":event-type", name), members)
    }

    /// An exception of the model, which ends the stream.
    pub fn exception(error: &AwsError) -> Self {
        let mut members = error.members.clone();
        members.insert(
            error.message_member.to_owned(),
            error.message.as_str().into(),
        );
        let kind = (":exception-type", error.code);
        Self::of("exception", kind, &Value::Object(members))
    }

    fn of(message: &'static str, kind: (&'static str, &'static str), members: &Value) -> Self {
        Self {
            headers: [
                (":message-type", message),
                kind,
                (":content-type", "application/json"),
            ],
            payload: Bytes::from(members.to_string()),
        }
    }

    /// Its bytes.
    pub fn encode(&self) -> Bytes {
        encode(&self.headers, &self.payload)
    }
}

/// A good answer that goes on with these events.
pub fn respond(events: EventStream) -> Response<Body> {
    let mut response = Response::new(Body::Events(events));
    let content_type = HeaderValue::from_static(STREAM_TYPE);
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

/// A message. Names have at most 255 bytes, values 32,767, and a message is far below 4 GiB: all of them come from us.
fn encode(headers: &[(&str, &str)], payload: &[u8]) -> Bytes {
    let headers_bytes: usize = headers
        .iter()
        .map(|(name, value)| 1 + name.len() + 1 + 2 + value.len())
        .sum();
    let total_bytes = PRELUDE_BYTES + headers_bytes + payload.len() + CRC_BYTES;
    let length = |bytes: usize| u32::try_from(bytes).expect("a message is far below 4 GiB");
    let mut message = BytesMut::with_capacity(total_bytes);
    message.put_u32(length(total_bytes));
    message.put_u32(length(headers_bytes));
    message.put_u32(crc32fast::hash(&message));
    for (name, value) in headers {
        message.put_u8(u8::try_from(name.len()).expect("header names are short"));
        message.put_slice(name.as_bytes());
        message.put_u8(TEXT);
        message.put_u16(u16::try_from(value.len()).expect("header values are short"));
        message.put_slice(value.as_bytes());
    }
    message.put_slice(payload);
    message.put_u32(crc32fast::hash(&message));
    message.freeze()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// Reads a message as the specification says, independently of the encoder's arithmetic.
    fn decode(message: &[u8]) -> (Vec<(String, String)>, Vec<u8>) {
        let number = |bytes: &[u8]| u32::from_be_bytes(bytes.try_into().unwrap());
        let (body, crc) = message.split_at(message.len() - 4);
        assert_eq!(crc32fast::hash(body), number(crc));
        assert_eq!(number(&message[..4]) as usize, message.len());
        assert_eq!(crc32fast::hash(&message[..8]), number(&message[8..12]));
        let (mut headers, payload) = body[12..].split_at(number(&message[4..8]) as usize);
        let mut found = Vec::new();
        let mut take = |count: usize| {
            let (taken, rest) = headers.split_at(count);
            headers = rest;
            (taken, rest.is_empty())
        };
        loop {
            let (length, _) = take(1);
            let name = String::from_utf8(take(length[0].into()).0.to_vec()).unwrap();
            assert_eq!(take(1).0, [7]);
            let length = u16::from_be_bytes(take(2).0.try_into().unwrap());
            let (value, is_last) = take(length.into());
            found.push((name, String::from_utf8(value.to_vec()).unwrap()));
            if is_last {
                return (found, payload.to_vec());
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(
            headers in prop::collection::vec(("[a-z:☃-]{0,60}", "\\PC{0,200}"), 1..6),
            payload: Vec<u8>,
        ) {
            let borrowed: Vec<(&str, &str)> = headers
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            prop_assert_eq!(decode(&encode(&borrowed, &payload)), (headers, payload));
        }
    }

    #[test]
    fn an_empty_message_is_as_the_specification_shows() {
        let message = encode(&[], b"");
        let expected = [
            0, 0, 0, 16, 0, 0, 0, 0, 0x05, 0xc2, 0x48, 0xeb, 0x7d, 0x98, 0xc8, 0xff,
        ];
        assert_eq!(message[..], expected);
    }

    #[test]
    fn an_exception_names_its_shape() {
        let error = AwsError::new("SessionTimeoutException", 400, "over");
        let (headers, payload) = decode(&Event::exception(&error).encode());
        assert_eq!(headers[0], (":message-type".into(), "exception".into()));
        assert_eq!(
            headers[1],
            (":exception-type".into(), "SessionTimeoutException".into())
        );
        let payload: Value = serde_json::from_slice(&payload).unwrap();
        assert_eq!(payload, json!({ "message": "over" }));
    }
}
