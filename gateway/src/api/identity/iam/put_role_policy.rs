//! PutRolePolicy: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html>.

use serde::Deserialize;

use super::role::{self, Role};
use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    role_name: String,
    policy_name: String,
    policy_document: String,
}

/// Answers PutRolePolicy. Writes a role's own policy.
///
/// # Errors
/// `NoSuchEntity`, or a policy that is no JSON.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let account = &call.identity.account;
    role::check_document(&input.policy_document)?;
    Role::change(account, &input.role_name, services, |role| {
        let (name, document) = (input.policy_name.clone(), input.policy_document.clone());
        role.inline.insert(name, document);
        Ok(())
    })
    .await?;
    Ok(Reply::empty())
}
