//! TagResource: <https://docs.aws.amazon.com/lambda/latest/api/API_TagResource.html>.

use serde::Deserialize;

use crate::api::{Call, Reply, Services};
use crate::function::tag::Tags;
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    resource: String,
    tags: Tags,
}

/// Answers TagResource.
///
/// # Errors
/// No such function, or too many tags.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let registry = &services.registry;
    registry
        .tag(&call.identity, &input.resource, input.tags)
        .await?;
    Ok(Reply::empty())
}
