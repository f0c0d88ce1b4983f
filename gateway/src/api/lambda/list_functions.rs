//! ListFunctions: <https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html>.

use serde::Deserialize;

use super::page;
use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    function_version: Option<String>,
    marker: Option<String>,
    max_items: Option<usize>,
}

/// Answers ListFunctions.
///
/// # Errors
/// The marker is none of ours.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let all_versions = input.function_version.is_some();
    let request = page::request(input.marker, input.max_items);
    let registry = &services.registry;
    let listed = registry.list_functions(&call.identity, all_versions, &request)?;
    Ok(page::reply("Functions", listed))
}
