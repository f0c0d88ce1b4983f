//! An asynchronous event as it lies in the queue: a line of JSON (what to call, and what it has been through), then the payload.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::Request;
use super::retry::History;
use crate::function::{FunctionKey, Target};

/// One accepted event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) head: Head,
    pub(super) payload: Bytes,
}

/// Everything but the payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    account: String,
    region: String,
    name: String,
    pub(super) qualifier: Option<String>,
    pub(super) request_id: String,
    pub(super) accepted_ms: i64,
    pub(super) history: History,
    client_context: Option<String>,
    trace_id: Option<String>,
    tenant_id: Option<String>,
}

impl Event {
    pub(super) fn new(request: Request, now_ms: i64) -> Self {
        let key = &request.target.version.key;
        let head = Head {
            account: key.account.clone(),
            region: key.region.clone(),
            name: key.name.clone(),
            qualifier: request.target.qualifier,
            request_id: request.request_id,
            accepted_ms: now_ms,
            history: History::default(),
            client_context: request.client_context,
            trace_id: request.trace_id,
            tenant_id: request.tenant_id,
        };
        Self {
            head,
            payload: request.payload,
        }
    }

    pub(super) fn function(&self) -> FunctionKey {
        FunctionKey {
            account: self.head.account.clone(),
            region: self.head.region.clone(),
            name: self.head.name.clone(),
        }
    }

    /// The call to run, of what the function's name resolves to now.
    pub(super) fn request(&self, target: Target) -> Request {
        Request {
            target,
            payload: self.payload.clone(),
            request_id: self.head.request_id.clone(),
            client_context: self.head.client_context.clone(),
            trace_id: self.head.trace_id.clone(),
            tenant_id: self.head.tenant_id.clone(),
        }
    }

    pub(super) fn encode(&self) -> Bytes {
        let mut bytes =
            serde_json::to_vec(&self.head).expect("strings and numbers always serialise");
        bytes.push(b'\n');
        bytes.extend_from_slice(&self.payload);
        Bytes::from(bytes)
    }

    /// `None` when the bytes are no event.
    pub(super) fn decode(bytes: &Bytes) -> Option<Self> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        Some(Self {
            head: serde_json::from_slice(&bytes[..end]).ok()?,
            payload: bytes.slice(end + 1..),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::environment::tests::version;
    use super::*;

    #[test]
    fn an_event_survives_the_queue() {
        let target = Target {
            version: Arc::new(version()),
            invoked_arn: "arn".into(),
            qualifier: Some("prod".into()),
            recording: None,
        };
        let request = Request {
            target,
            payload: Bytes::from_static(b"{\n\"a\": 1}"),
            request_id: "R\n".into(),
            client_context: None,
            trace_id: None,
            tenant_id: Some("t".into()),
        };
        let event = Event::new(request, 7);
        assert_eq!(Event::decode(&event.encode()), Some(event));
        assert_eq!(Event::decode(&Bytes::from_static(b"{}\nx")), None);
    }
}
