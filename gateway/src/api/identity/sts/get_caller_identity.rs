//! GetCallerIdentity: <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>.

use serde_json::json;

use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

/// Answers GetCallerIdentity: the account's root, since hearth keeps no users.
///
/// # Errors
/// None.
pub async fn handle(call: Call, _services: &Services) -> Result<Reply, AwsError> {
    let account = &call.identity.account;
    Ok(Reply::of(json!({
        "Account": account,
        "Arn": format!("arn:aws:iam::{account}:root"),
        "UserId": account,
    })))
}
