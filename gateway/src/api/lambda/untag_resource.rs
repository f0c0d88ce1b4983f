//! UntagResource: <https://docs.aws.amazon.com/lambda/latest/api/API_UntagResource.html>.

use serde::Deserialize;

use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    resource: String,
    tag_keys: Vec<String>,
}

/// Answers UntagResource.
///
/// # Errors
/// No such function.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let registry = &services.registry;
    registry
        .untag(&call.identity, &input.resource, input.tag_keys)
        .await?;
    Ok(Reply::empty())
}
