//! CreateRole: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::role::{self, Role};
use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    role_name: String,
    path: Option<String>,
    assume_role_policy_document: String,
    description: Option<String>,
    max_session_duration: Option<i64>,
}

/// Answers CreateRole. Stores a role.
///
/// # Errors
/// `EntityAlreadyExists`, or a trust policy that is no JSON.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let account = &call.identity.account;
    role::check_document(&input.assume_role_policy_document)?;
    let id = Uuid::new_v4().simple().to_string().to_ascii_uppercase();
    let role = Role {
        name: input.role_name,
        path: input.path.unwrap_or_else(|| "/".to_owned()),
        id: format!("AROA{}", &id[..17]),
        created_seconds: services.clock.now_ms() / 1_000,
        trust_policy: input.assume_role_policy_document,
        description: input.description,
        max_session_seconds: input.max_session_duration.unwrap_or(3_600),
        inline: BTreeMap::new(),
        attached: BTreeMap::new(),
    };
    role.create(account, services).await?;
    Ok(Reply::of(json!({ "Role": role.shown(account) })))
}
