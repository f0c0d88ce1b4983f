//! GetAccountSettings: <https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html>.

use serde_json::json;

use crate::api::{Call, Reply, Services};
use crate::function::limits::{TOTAL_CODE_BYTES, UNZIPPED_BYTES, ZIPPED_BYTES};
use crate::protocol::AwsError;

/// Answers GetAccountSettings.
///
/// # Errors
/// None of its own.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let settings = services.registry.account_settings(&call.identity);
    Ok(Reply::of(json!({
        "AccountLimit": {
            "TotalCodeSize": TOTAL_CODE_BYTES,
            "CodeSizeUnzipped": UNZIPPED_BYTES,
            "CodeSizeZipped": ZIPPED_BYTES,
            "ConcurrentExecutions": settings.concurrency,
            "UnreservedConcurrentExecutions": settings.unreserved,
        },
        "AccountUsage": {
            "TotalCodeSize": settings.code_bytes,
            "FunctionCount": settings.functions,
        },
    })))
}
