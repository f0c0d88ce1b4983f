//! UpdateFunctionCode: <https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html>.

use serde::Deserialize;

use super::code::Code;
use crate::api::{Call, Reply, Services};
use crate::function::registry::CodeUpdate;
use crate::function::settings::SettingsChange;
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    function_name: String,
    architectures: Option<Vec<String>>,
    dry_run: Option<bool>,
    publish: Option<bool>,
    publish_to: Option<String>,
    revision_id: Option<String>,
    #[serde(flatten)]
    code: Code,
}

/// Answers UpdateFunctionCode.
///
/// # Errors
/// What is wrong with the request or the package; another update goes on.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = super::moved(call.input)?;
    super::no_latest_published(input.publish_to.as_deref())?;
    let update = CodeUpdate {
        name: input.function_name,
        code: input.code.source()?,
        settings: SettingsChange {
            architectures: input.architectures,
            ..SettingsChange::default()
        },
        publish: input.publish.unwrap_or(false),
        dry_run: input.dry_run.unwrap_or(false),
        revision_id: input.revision_id,
    };
    let updated = services
        .registry
        .update_code(&call.identity, update)
        .await?;
    Ok(Reply::of(updated))
}
