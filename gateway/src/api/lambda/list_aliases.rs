//! ListAliases: <https://docs.aws.amazon.com/lambda/latest/api/API_ListAliases.html>.

use serde::Deserialize;

use super::page;
use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    function_name: String,
    function_version: Option<String>,
    marker: Option<String>,
    max_items: Option<usize>,
}

/// Answers ListAliases.
///
/// # Errors
/// No such function, or the marker is none of ours.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let request = page::request(input.marker, input.max_items);
    let listed = services.registry.list_aliases(
        &call.identity,
        &input.function_name,
        input.function_version.as_deref(),
        &request,
    )?;
    Ok(page::reply("Aliases", listed))
}
