//! GetPolicy: <https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html>.

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

/// Answers GetPolicy.
///
/// # Errors
/// No such function, version or alias, or no policy.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let qualifier = input.qualifier.as_deref();
    let registry = &services.registry;
    let (policy, revision_id) = registry.policy(&call.identity, &input.function_name, qualifier)?;
    Ok(Reply::of(
        json!({ "Policy": policy, "RevisionId": revision_id }),
    ))
}
