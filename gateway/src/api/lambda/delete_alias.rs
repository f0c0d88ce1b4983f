//! DeleteAlias: <https://docs.aws.amazon.com/lambda/latest/api/API_DeleteAlias.html>.

use serde::Deserialize;

use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    function_name: String,
    name: String,
}

/// Answers DeleteAlias.
///
/// # Errors
/// No such function; an alias that is not there is fine.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let registry = &services.registry;
    registry
        .delete_alias(&call.identity, &input.function_name, input.name)
        .await?;
    Ok(Reply::empty())
}
