//! GetFunctionConcurrency: <https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConcurrency.html>.

use serde::Deserialize;
use serde_json::json;

use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    function_name: String,
}

/// Answers GetFunctionConcurrency.
///
/// # Errors
/// No such function.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let registry = &services.registry;
    let reserved = registry.concurrency(&call.identity, &input.function_name)?;
    Ok(Reply::of(match reserved {
        Some(reserved) => json!({ "ReservedConcurrentExecutions": reserved }),
        None => json!({}),
    }))
}
