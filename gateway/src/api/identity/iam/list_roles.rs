//! ListRoles: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html>.
//!
//! A marker is the name of the last role of the page before, so that roles which come or go between two pages shift nothing.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::role::Role;
use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

/// Roles of a page where the request does not say.
const PAGE_ROLES: usize = 100;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    path_prefix: Option<String>,
    marker: Option<String>,
    max_items: Option<usize>,
}

/// Answers ListRoles. Lists the account's roles by name.
///
/// # Errors
/// `ValidationError` when the marker is none of ours.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let account = &call.identity.account;
    let after = input.marker.as_deref().map(name_of).transpose()?;
    let path_prefix = input.path_prefix.as_deref().unwrap_or("/");
    let limit = input.max_items.unwrap_or(PAGE_ROLES);
    // One more than asked for tells whether there is a further page.
    let mut roles = Role::list(account, path_prefix, after.as_deref(), limit + 1, services).await?;
    let is_truncated = roles.len() > limit;
    roles.truncate(limit);
    let shown: Vec<Value> = roles.iter().map(|role| role.shown(account)).collect();
    let mut output = json!({ "Roles": shown, "IsTruncated": is_truncated });
    if let Some(last) = roles.last().filter(|_| is_truncated) {
        output["Marker"] = json!(BASE64_URL_SAFE_NO_PAD.encode(&last.name));
    }
    Ok(Reply::of(output))
}

/// The role's name in a marker.
fn name_of(marker: &str) -> Result<String, AwsError> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(marker).ok();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| AwsError::new("ValidationError", 400, "Invalid Marker."))
}
