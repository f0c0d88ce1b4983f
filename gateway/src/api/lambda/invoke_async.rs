//! InvokeAsync, Invoke's predecessor: <https://docs.aws.amazon.com/lambda/latest/api/API_InvokeAsync.html>.

use serde::Deserialize;
use serde_json::json;

use super::invoke::{event, run_error};
use crate::api::{Call, Reply, Services};
use crate::invocation::Request;
use crate::protocol::AwsError;

/// Largest event, bytes.
const MAX_BYTES: usize = 262_144;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    function_name: String,
}

/// Answers InvokeAsync.
///
/// # Errors
/// No such function, no JSON, too large, or a fault of ours.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let bytes = call.payload.len();
    if bytes > MAX_BYTES {
        let message = format!(
            "{bytes} byte payload is too large for the Event invocation type (limit {MAX_BYTES} bytes)"
        );
        return Err(AwsError::new("RequestTooLargeException", 413, message));
    }
    let registry = &services.registry;
    let target = registry.resolve(&call.identity, &input.function_name, None)?;
    let request = Request {
        target,
        payload: event(call.payload)?,
        request_id: call.request_id,
        client_context: None,
        trace_id: call.trace_id,
        tenant_id: None,
    };
    services.runner.enqueue(request).await.map_err(run_error)?;
    Ok(Reply::of(json!({ "Status": 202 })))
}
