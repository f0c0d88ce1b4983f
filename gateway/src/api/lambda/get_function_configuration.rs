//! GetFunctionConfiguration: <https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html>.

use serde::Deserialize;

use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    function_name: String,
    qualifier: Option<String>,
}

/// Answers GetFunctionConfiguration.
///
/// # Errors
/// No such function, version or alias.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let registry = &services.registry;
    let view = registry.view(
        &call.identity,
        &input.function_name,
        input.qualifier.as_deref(),
    )?;
    Ok(Reply::of(view.configuration))
}
