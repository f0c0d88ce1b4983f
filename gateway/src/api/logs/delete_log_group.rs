//! DeleteLogGroup: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html>.

use serde::Deserialize;

use super::group::named;
use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    log_group_name: String,
}

/// Answers DeleteLogGroup.
///
/// # Errors
/// No such group, or a fault of ours.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let group = named(&call.identity, input.log_group_name);
    services.logs.delete_group(&group).await?;
    Ok(Reply::empty())
}
