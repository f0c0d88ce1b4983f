//! GetRole: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html>.

use serde::Deserialize;
use serde_json::json;

use super::role::Role;
use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    role_name: String,
}

/// Answers GetRole. Reads a role.
///
/// # Errors
/// `NoSuchEntity`.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let account = &call.identity.account;
    let role = Role::get(account, &input.role_name, services).await?;
    Ok(Reply::of(json!({ "Role": role.shown(account) })))
}
