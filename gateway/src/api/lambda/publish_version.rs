//! PublishVersion: <https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html>.

use serde::Deserialize;

use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    function_name: String,
    #[serde(rename = "CodeSha256")]
    code_sha256: Option<String>,
    description: Option<String>,
    revision_id: Option<String>,
    publish_to: Option<String>,
}

/// Answers PublishVersion.
///
/// # Errors
/// No such function, or `$LATEST` is not what the caller takes it for.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    super::no_latest_published(input.publish_to.as_deref())?;
    let published = services.registry.publish_version(
        &call.identity,
        &input.function_name,
        input.code_sha256,
        input.revision_id,
        input.description,
    );
    Ok(Reply::of(published.await?))
}
