//! GetAlias: <https://docs.aws.amazon.com/lambda/latest/api/API_GetAlias.html>.

use serde::Deserialize;

use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    function_name: String,
    name: String,
}

/// Answers GetAlias.
///
/// # Errors
/// No such function or alias.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let registry = &services.registry;
    let alias = registry.alias(&call.identity, &input.function_name, &input.name)?;
    Ok(Reply::of(alias))
}
