//! GetFunction: <https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html>.

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

/// Answers GetFunction.
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
    let location = format!("{}/hearth/code/{}", call.endpoint, view.code_token);
    let mut output = json!({
        "Configuration": view.configuration,
        "Code": { "RepositoryType": "S3", "Location": location },
    });
    if !view.tags.is_empty() {
        output["Tags"] = json!(view.tags);
    }
    if let Some(reserved) = view.reserved {
        output["Concurrency"] = json!({ "ReservedConcurrentExecutions": reserved });
    }
    Ok(Reply::of(output))
}
