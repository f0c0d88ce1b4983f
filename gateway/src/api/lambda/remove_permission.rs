//! RemovePermission: <https://docs.aws.amazon.com/lambda/latest/api/API_RemovePermission.html>.

use serde::Deserialize;

use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    function_name: String,
    qualifier: Option<String>,
    statement_id: String,
    revision_id: Option<String>,
}

/// Answers RemovePermission.
///
/// # Errors
/// No such function, version, alias, policy or statement; a stale revision.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let removed = services.registry.remove_permission(
        &call.identity,
        &input.function_name,
        input.qualifier.as_deref(),
        input.statement_id,
        input.revision_id,
    );
    removed.await?;
    Ok(Reply::empty())
}
