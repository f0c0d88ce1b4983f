//! AttachRolePolicy: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html>.

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

/// Answers AttachRolePolicy. Attaches a managed policy, whether or not anybody made it.
///
/// # Errors
/// `NoSuchEntity` when there is no such role.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let account = &call.identity.account;
    let name = input.policy_arn.rsplit('/').next().unwrap_or_default();
    Role::change(account, &input.role_name, services, |role| {
        role.attached
            .insert(input.policy_arn.clone(), name.to_owned());
        Ok(())
    })
    .await?;
    Ok(Reply::empty())
}
