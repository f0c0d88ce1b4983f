//! DeleteFunctionConcurrency: <https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionConcurrency.html>.

use serde::Deserialize;

use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    function_name: String,
}

/// Answers DeleteFunctionConcurrency.
///
/// # Errors
/// No such function; no reservation is fine.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let registry = &services.registry;
    registry
        .delete_concurrency(&call.identity, &input.function_name)
        .await?;
    Ok(Reply::empty())
}
