//! AddPermission: <https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html>.

use serde::Deserialize;
use serde_json::json;

use crate::api::{Call, Reply, Services};
use crate::function::policy::Permission;
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    function_name: String,
    qualifier: Option<String>,
    revision_id: Option<String>,
    #[serde(flatten)]
    permission: Permission,
}

/// Answers AddPermission.
///
/// # Errors
/// No such function, version or alias; the statement's id is taken; a bad principal; a stale revision.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let added = services.registry.add_permission(
        &call.identity,
        &input.function_name,
        input.qualifier.as_deref(),
        input.permission,
        input.revision_id,
    );
    let statement = added.await?;
    Ok(Reply::of(json!({ "Statement": statement.to_string() })))
}
