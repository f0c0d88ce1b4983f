//! DetachRolePolicy: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachRolePolicy.html>.

use serde::Deserialize;

use super::role::Role;
use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    role_name: String,
    policy_arn: String,
}

/// Answers DetachRolePolicy. Detaches a managed policy.
///
/// # Errors
/// `NoSuchEntity` when there is no such role, or the policy is not attached.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let account = &call.identity.account;
    Role::change(account, &input.role_name, services, |role| {
        match role.attached.remove(&input.policy_arn) {
            Some(_) => Ok(()),
            None => Err(AwsError::new(
                "NoSuchEntityException",
                404,
                format!("Policy {} was not found.", input.policy_arn),
            )),
        }
    })
    .await?;
    Ok(Reply::empty())
}
