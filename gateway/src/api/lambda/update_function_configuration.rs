//! UpdateFunctionConfiguration: <https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html>.

use serde::Deserialize;

use crate::api::{Call, Reply, Services};
use crate::function::settings::SettingsChange;
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    function_name: String,
    revision_id: Option<String>,
    #[serde(flatten)]
    settings: SettingsChange,
}

/// Answers UpdateFunctionConfiguration.
///
/// # Errors
/// What is wrong with the request; another update goes on.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let updated = services.registry.update_configuration(
        &call.identity,
        &input.function_name,
        input.settings,
        input.revision_id,
    );
    Ok(Reply::of(updated.await?))
}
