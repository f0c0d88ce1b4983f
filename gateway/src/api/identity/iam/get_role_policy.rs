//! GetRolePolicy: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html>.

use serde::Deserialize;
use serde_json::json;

use super::role::{self, Role};
use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    role_name: String,
    policy_name: String,
}

/// Answers GetRolePolicy. Reads a role's own policy.
///
/// # Errors
/// `NoSuchEntity`.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let account = &call.identity.account;
    let role = Role::get(account, &input.role_name, services).await?;
    let Some(document) = role.inline.get(&input.policy_name) else {
        return Err(role::no_such_policy(&input.role_name, &input.policy_name));
    };
    Ok(Reply::of(json!({
        "RoleName": role.name,
        "PolicyName": input.policy_name,
        "PolicyDocument": role::encoded(document),
    })))
}
