//! PutFunctionConcurrency: <https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html>.

use serde::Deserialize;
use serde_json::json;

use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    function_name: String,
    reserved_concurrent_executions: u32,
}

/// Answers PutFunctionConcurrency.
///
/// # Errors
/// No such function, or too little stays unreserved.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let reserved = input.reserved_concurrent_executions;
    let registry = &services.registry;
    registry
        .put_concurrency(&call.identity, &input.function_name, reserved)
        .await?;
    Ok(Reply::of(
        json!({ "ReservedConcurrentExecutions": reserved }),
    ))
}
