//! Invoke: <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>. The event is checked to be JSON, never parsed.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use invoker::InvokeError;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;

use crate::api::{Call, Reply, Services};
use crate::invocation::{Request, RunError};
use crate::protocol::AwsError;

/// Largest event of a synchronous call, bytes.
const MAX_SYNC_BYTES: usize = 6_291_456;
/// Largest event of an asynchronous call, bytes.
const MAX_ASYNC_BYTES: usize = 1_048_576;
/// Largest client context, bytes of base64.
const MAX_CLIENT_CONTEXT_BYTES: usize = 3_583;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    function_name: String,
    #[serde(default)]
    invocation_type: InvocationType,
    log_type: Option<String>,
    client_context: Option<String>,
    qualifier: Option<String>,
    tenant_id: Option<String>,
}

#[derive(Clone, Copy, Default, Deserialize, PartialEq, Eq)]
enum InvocationType {
    #[default]
    RequestResponse,
    Event,
    DryRun,
}

/// Answers Invoke.
///
/// # Errors
/// No such function, no JSON, too large, throttled, or a fault of ours; a failing function is an answer, not an error.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    check_size(call.payload.len(), input.invocation_type)?;
    let qualifier = input.qualifier.as_deref();
    let registry = &services.registry;
    let target = registry.resolve(&call.identity, &input.function_name, qualifier)?;
    if input.invocation_type == InvocationType::DryRun {
        return Ok(Reply::of(json!({ "StatusCode": 204 })));
    }
    let client_context = input
        .client_context
        .as_deref()
        .map(client_context)
        .transpose()?;
    let request = Request {
        target,
        payload: event(call.payload)?,
        request_id: call.request_id,
        client_context,
        trace_id: call.trace_id,
        tenant_id: input.tenant_id,
    };
    if input.invocation_type == InvocationType::Event {
        services.runner.enqueue(request).await.map_err(run_error)?;
        return Ok(Reply::of(json!({ "StatusCode": 202 })));
    }
    let response = services.runner.invoke(request).await.map_err(run_error)?;
    let mut output = json!({ "StatusCode": 200, "ExecutedVersion": response.executed_version });
    if let Some(error) = response.function_error {
        output["FunctionError"] = json!(error);
    }
    if input.log_type.as_deref() == Some("Tail") {
        output["LogResult"] = json!(BASE64_STANDARD.encode(&response.log_tail));
    }
    Ok(Reply {
        output,
        payload: Some(response.payload),
        ..Reply::default()
    })
}

fn check_size(bytes: usize, invocation_type: InvocationType) -> Result<(), AwsError> {
    let (name, limit) = match invocation_type {
        InvocationType::Event => ("Event", MAX_ASYNC_BYTES),
        InvocationType::RequestResponse => ("RequestResponse", MAX_SYNC_BYTES),
        InvocationType::DryRun => ("DryRun", MAX_SYNC_BYTES),
    };
    if bytes <= limit {
        return Ok(());
    }
    let message = format!(
        "{bytes} byte payload is too large for the {name} invocation type (limit {limit} bytes)"
    );
    Err(AwsError::new("RequestTooLargeException", 413, message))
}

/// The event that the handler gets: `{}` for an empty body.
pub(super) fn event(payload: Bytes) -> Result<Bytes, AwsError> {
    if payload.is_empty() {
        return Ok(Bytes::from_static(b"{}"));
    }
    check_json(&payload)?;
    Ok(payload)
}

/// Holds an event to be JSON.
pub(in crate::api) fn check_json(payload: &[u8]) -> Result<(), AwsError> {
    match json_fault(payload) {
        None => Ok(()),
        Some(fault) => Err(invalid_content(format!(
            "Could not parse request body into json: Could not parse payload into json: {fault}"
        ))),
    }
}

/// What is wrong with `payload` as JSON, in the words of AWS's parser (Jackson).
fn json_fault(payload: &[u8]) -> Option<String> {
    let at = |line: usize, column: usize| {
        format!(
            "\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: {line}, column: {column}]"
        )
    };
    let text = match std::str::from_utf8(payload) {
        Ok(text) => text,
        Err(error) => {
            let position = error.valid_up_to();
            let byte = payload[position];
            let place = at(1, position + 1);
            return Some(format!("Invalid UTF-8 start byte 0x{byte:02x}{place}"));
        }
    };
    let error = serde_json::from_str::<IgnoredAny>(text).err()?;
    let place = at(error.line(), error.column());
    if error.is_eof() {
        return Some(format!("Unexpected end-of-input{place}"));
    }
    let line = text
        .lines()
        .nth(error.line().saturating_sub(1))
        .unwrap_or("");
    let start = line.floor_char_boundary(error.column().saturating_sub(1));
    let Some(found) = line[start..].chars().next() else {
        return Some(format!("{error}{place}"));
    };
    let expected = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
    if found.is_ascii_alphabetic() {
        let rest = &line[start..];
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        let token = &rest[..end];
        return Some(format!(
            "Unrecognized token '{token}': was expecting {expected}{place}"
        ));
    }
    let code = u32::from(found);
    let shown = if found.is_control() {
        format!("(CTRL-CHAR, code {code})")
    } else {
        format!("'{found}' (code {code})")
    };
    Some(format!(
        "Unexpected character ({shown}): expected a valid value {expected}{place}"
    ))
}

fn client_context(encoded: &str) -> Result<String, AwsError> {
    if encoded.len() > MAX_CLIENT_CONTEXT_BYTES {
        return Err(invalid_content(format!(
            "Client context must be at most {MAX_CLIENT_CONTEXT_BYTES} bytes."
        )));
    }
    BASE64_STANDARD
        .decode(encoded)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .filter(|text| serde_json::from_str::<IgnoredAny>(text).is_ok())
        .ok_or_else(|| {
            invalid_content("Client context must be a valid Base64-encoded JSON object.".to_owned())
        })
}

fn invalid_content(message: String) -> AwsError {
    AwsError::new("InvalidRequestContentException", 400, message).with("Type", "User")
}

/// A call that was not run, in AWS's codes.
pub(super) fn run_error(error: RunError) -> AwsError {
    let message = error.to_string();
    match error {
        RunError::Throttled { reason } => throttled(message, reason),
        RunError::Invoker(InvokeError::NoCapacity { .. }) => {
            throttled(message, "ConcurrentInvocationLimitExceeded")
        }
        RunError::Invoker(InvokeError::RuntimeMissing(_)) => {
            AwsError::new("InvalidRuntimeException", 502, message).capital_message()
        }
        RunError::ShuttingDown | RunError::Invoker(InvokeError::ShuttingDown) => {
            AwsError::new("ServiceUnavailableException", 503, message)
        }
        RunError::Invoker(InvokeError::Sandbox(_)) | RunError::Store(_) => {
            AwsError::new("ServiceException", 500, message)
                .capital_message()
                .with("Type", "Service")
        }
    }
}

fn throttled(message: String, reason: &'static str) -> AwsError {
    AwsError::new("TooManyRequestsException", 429, message)
        .with("Reason", reason)
        .with("Type", "User")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_body_is_an_empty_object() {
        assert_eq!(event(Bytes::new()).unwrap(), Bytes::from_static(b"{}"));
        assert!(event(Bytes::from_static(b" [1, \"\xc3\xa9\"] ")).is_ok());
    }

    #[test]
    fn no_json_is_refused_in_awss_words() {
        let fault =
            |payload: &'static [u8]| event(Bytes::from_static(payload)).unwrap_err().message;
        assert!(fault(b"\x87").contains("Invalid UTF-8 start byte 0x87"));
        assert!(fault(b"{").contains("Unexpected end-of-input"));
        assert!(fault(b"hello").contains("Unrecognized token 'hello'"));
        assert!(fault(b"[%]").contains("Unexpected character ('%' (code 37))"));
    }

    #[test]
    fn sizes_are_bounded_by_type() {
        let message = |bytes, of| check_size(bytes, of).unwrap_err().message;
        assert!(check_size(6_291_456, InvocationType::RequestResponse).is_ok());
        assert_eq!(
            message(6_291_457, InvocationType::RequestResponse),
            "6291457 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)"
        );
        assert!(message(1_048_577, InvocationType::Event).ends_with("(limit 1048576 bytes)"));
    }

    #[test]
    fn a_client_context_is_base64_of_json() {
        assert_eq!(client_context("e30=").unwrap(), "{}");
        assert!(client_context("e30").is_err());
        assert!(client_context("aGVsbG8=").is_err());
    }
}
