//! What the tests of the records are made of.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use invoker::Usage;
use uuid::Uuid;

use super::draft::{Draft, Text};
use super::run::{InvocationType, Status};
use crate::function::{Configuration, FunctionKey, FunctionVersion, LogFormat};

pub(super) fn key(name: &str) -> FunctionKey {
    FunctionKey {
        account: "123456789012".into(),
        region: "eu-west-1".into(),
        name: name.into(),
    }
}

pub(super) fn version(name: &str) -> FunctionVersion {
    FunctionVersion {
        key: key(name),
        version: "$LATEST".into(),
        revision: "r1".into(),
        configuration: Configuration {
            runtime: "python3.12".into(),
            handler: "app.handler".into(),
            timeout_seconds: 3,
            memory_mib: 256,
            tmp_mib: 512,
            environment: BTreeMap::new(),
            log_format: LogFormat::Text,
            application_log_level: None,
            system_log_level: None,
            log_group: format!("/aws/lambda/{name}"),
            tracing_mode: "PassThrough".into(),
        },
        code: "/code".into(),
        libraries: Vec::new(),
        network: invoker::NetworkMode::default(),
    }
}

/// A good run of the function `f`.
pub(super) fn draft(request_id: u128, started_ms: i64) -> Draft {
    Draft {
        version: Arc::new(version("f")),
        qualifier: Some("live".into()),
        request_id: Uuid::from_u128(request_id).to_string(),
        invocation_type: InvocationType::RequestResponse,
        attempt: 1,
        started_ms,
        ended_ms: started_ms + 5,
        status: Status::Succeeded,
        fault: None,
        sandbox: Some("s".into()),
        log_stream: Some("stream".into()),
        usage: Usage::default(),
        cold_start_reason: None,
        start_path: None,
        duration: Duration::from_micros(2_500),
        billed_ms: 3,
        event: Text::default(),
        response: Text::default(),
        recording: None,
    }
}
