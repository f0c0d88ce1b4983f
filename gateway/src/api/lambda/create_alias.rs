//! CreateAlias: <https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html>.

use serde::Deserialize;

use super::routing::RoutingConfig;
use crate::api::{Call, Reply, Services};
use crate::function::registry::NewAlias;
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    function_name: String,
    name: String,
    function_version: String,
    description: Option<String>,
    routing_config: Option<RoutingConfig>,
}

/// Answers CreateAlias.
///
/// # Errors
/// No such function or version, a bad routing, or the name is taken.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let alias = NewAlias {
        name: input.name,
        version: input.function_version,
        description: input.description.unwrap_or_default(),
        weights: input
            .routing_config
            .unwrap_or_default()
            .additional_version_weights,
    };
    let registry = &services.registry;
    let created = registry.create_alias(&call.identity, &input.function_name, alias);
    Ok(Reply::of(created.await?))
}
