//! DeleteRolePolicy: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html>.

use serde::Deserialize;

use super::role::{self, Role};
use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    role_name: String,
    policy_name: String,
}

/// Answers DeleteRolePolicy. Removes a role's own policy.
///
/// # Errors
/// `NoSuchEntity`.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let account = &call.identity.account;
    Role::change(account, &input.role_name, services, |role| {
        match role.inline.remove(&input.policy_name) {
            Some(_) => Ok(()),
            None => Err(role::no_such_policy(&role.name, &input.policy_name)),
        }
    })
    .await?;
    Ok(Reply::empty())
}
