//! DeleteFunction: <https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html>.

use serde::Deserialize;
use serde_json::json;

use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    function_name: String,
    qualifier: Option<String>,
}

/// Answers DeleteFunction.
///
/// # Errors
/// No such function, or what is named must stay.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let registry = &services.registry;
    let qualifier = input.qualifier.as_deref();
    registry
        .delete(&call.identity, &input.function_name, qualifier)
        .await?;
    Ok(Reply::of(json!({ "StatusCode": 204 })))
}
