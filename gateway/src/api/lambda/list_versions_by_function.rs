//! ListVersionsByFunction: <https://docs.aws.amazon.com/lambda/latest/api/API_ListVersionsByFunction.html>.

use serde::Deserialize;

use super::page;
use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    function_name: String,
    marker: Option<String>,
    max_items: Option<usize>,
}

/// Answers ListVersionsByFunction.
///
/// # Errors
/// No such function, or the marker is none of ours.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let request = page::request(input.marker, input.max_items);
    let registry = &services.registry;
    let listed = registry.list_versions(&call.identity, &input.function_name, &request)?;
    Ok(page::reply("Versions", listed))
}
