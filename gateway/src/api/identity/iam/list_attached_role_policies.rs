//! ListAttachedRolePolicies: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html>.

use serde::Deserialize;
use serde_json::{Value, json};

use super::role::Role;
use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    role_name: String,
}

/// Answers ListAttachedRolePolicies. Lists a role's managed policies.
///
/// # Errors
/// `NoSuchEntity`.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let account = &call.identity.account;
    let role = Role::get(account, &input.role_name, services).await?;
    let policies: Vec<Value> = role
        .attached
        .iter()
        .map(|(arn, name)| json!({ "PolicyArn": arn, "PolicyName": name }))
        .collect();
    Ok(Reply::of(
        json!({ "AttachedPolicies": policies, "IsTruncated": false }),
    ))
}
