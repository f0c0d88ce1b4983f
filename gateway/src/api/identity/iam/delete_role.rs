//! DeleteRole: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html>.

use serde::Deserialize;

use super::role::Role;
use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    role_name: String,
}

/// Answers DeleteRole. Removes a role without policies.
///
/// # Errors
/// `NoSuchEntity`, or `DeleteConflict` while it has policies.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let account = &call.identity.account;
    Role::delete(account, &input.role_name, services).await?;
    Ok(Reply::empty())
}
