//! StopQuery: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StopQuery.html>.

use serde::Deserialize;
use serde_json::json;

use crate::api::{Call, Reply, Services};
use crate::protocol::AwsError;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    query_id: String,
}

/// Answers StopQuery.
///
/// # Errors
/// No such query.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let identity = &call.identity;
    let logs = &services.logs;
    let success = logs.stop_query(&identity.account, &identity.region, &input.query_id)?;
    Ok(Reply::of(json!({ "success": success })))
}
