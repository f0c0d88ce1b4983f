//! PutRetentionPolicy: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html>.

use serde::Deserialize;

use super::error::invalid;
use super::group::named;
use crate::api::{Call, Reply, Services};
use crate::log::RETENTION_DAYS;
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    log_group_name: String,
    retention_in_days: i64,
}

/// Answers PutRetentionPolicy.
///
/// # Errors
/// No such group, a number of days that AWS does not have, or a fault of ours.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let days = u32::try_from(input.retention_in_days)
        .ok()
        .filter(|days| RETENTION_DAYS.contains(days))
        .ok_or_else(|| refused(input.retention_in_days))?;
    let group = named(&call.identity, input.log_group_name);
    services.logs.set_retention(&group, Some(days)).await?;
    Ok(Reply::empty())
}

fn refused(days: i64) -> AwsError {
    let allowed = RETENTION_DAYS.map(|days| days.to_string()).join(", ");
    invalid(format!(
        "1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy constraint: \
         Member must satisfy enum value set: [{allowed}]"
    ))
}
