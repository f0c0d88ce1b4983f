//! UpdateAssumeRolePolicy: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html>.

use serde::Deserialize;

use super::role::{self, Role};
use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    role_name: String,
    policy_document: String,
}

/// Answers UpdateAssumeRolePolicy. Replaces a role's trust policy.
///
/// # Errors
/// `NoSuchEntity`, or a policy that is no JSON.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let account = &call.identity.account;
    role::check_document(&input.policy_document)?;
    Role::change(account, &input.role_name, services, |role| {
        role.trust_policy.clone_from(&input.policy_document);
        Ok(())
    })
    .await?;
    Ok(Reply::empty())
}
