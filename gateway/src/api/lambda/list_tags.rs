//! ListTags: <https://docs.aws.amazon.com/lambda/latest/api/API_ListTags.html>.

use serde::Deserialize;
use serde_json::json;

use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    resource: String,
}

/// Answers ListTags.
///
/// # Errors
/// No such function.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let tags = services.registry.tags(&call.identity, &input.resource)?;
    Ok(Reply::of(json!({ "Tags": tags })))
}
