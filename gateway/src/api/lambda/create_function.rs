//! CreateFunction: <https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html>.

use serde::Deserialize;

use super::code::Code;
use crate::api::{Call, Reply, Services};
use crate::function::registry::NewFunction;
use crate::function::settings::SettingsChange;
use crate::function::tag::Tags;
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    function_name: String,
    code: Code,
    package_type: Option<String>,
    publish: Option<bool>,
    publish_to: Option<String>,
    tags: Option<Tags>,
    code_signing_config_arn: Option<String>,
    #[serde(flatten)]
    settings: SettingsChange,
}

/// Answers CreateFunction.
///
/// # Errors
/// What is wrong with the request or the package, or the name is taken.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = super::moved(call.input)?;
    super::no_latest_published(input.publish_to.as_deref())?;
    let new = NewFunction {
        name: input.function_name,
        settings: input.settings,
        code: input.code.source()?,
        image: input.package_type.as_deref() == Some("Image"),
        publish: input.publish.unwrap_or(false),
        tags: input.tags.unwrap_or_default(),
        code_signing_config: input.code_signing_config_arn,
    };
    let created = services.registry.create(&call.identity, new).await?;
    Ok(Reply::of(created))
}
