//! UpdateAlias: <https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html>.

use serde::Deserialize;

use super::routing::RoutingConfig;
use crate::api::{Call, Reply, Services};
use crate::function::registry::AliasChange;
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    function_name: String,
    name: String,
    function_version: Option<String>,
    description: Option<String>,
    routing_config: Option<RoutingConfig>,
    revision_id: Option<String>,
}

/// Answers UpdateAlias.
///
/// # Errors
/// No such function, version or alias, a bad routing, or a stale revision.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let change = AliasChange {
        name: input.name,
        version: input.function_version,
        description: input.description,
        weights: input
            .routing_config
            .map(|routing| routing.additional_version_weights),
        revision_id: input.revision_id,
    };
    let registry = &services.registry;
    let updated = registry.update_alias(&call.identity, &input.function_name, change);
    Ok(Reply::of(updated.await?))
}
