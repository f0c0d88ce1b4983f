//! ListRolePolicies: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html>.

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

/// Answers ListRolePolicies. Lists the names of a role's own policies.
///
/// # Errors
/// `NoSuchEntity`.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let account = &call.identity.account;
    let role = Role::get(account, &input.role_name, services).await?;
    let names: Vec<&String> = role.inline.keys().collect();
    Ok(Reply::of(
        json!({ "PolicyNames": names, "IsTruncated": false }),
    ))
}
