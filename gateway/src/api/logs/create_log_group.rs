//! CreateLogGroup: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html>.

use serde::Deserialize;

use super::error::invalid;
use super::group::named;
use crate::api::{Call, Reply, Services};
use crate::log::GroupClass;
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    log_group_name: String,
    log_group_class: Option<GroupClass>,
    kms_key_id: Option<String>,
    deletion_protection_enabled: Option<bool>,
}

/// Answers CreateLogGroup.
///
/// # Errors
/// The group is there already, it asks for a protection that hearth does not have, or a fault of ours.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    // To accept it would promise what is not kept.
    if input.deletion_protection_enabled == Some(true) {
        return Err(invalid("Deletion protection is not supported."));
    }
    let group = named(&call.identity, input.log_group_name);
    let class = input.log_group_class.unwrap_or_default();
    services
        .logs
        .create_group(&group, class, input.kms_key_id)
        .await?;
    Ok(Reply::empty())
}
