//! What the logs refuse, in CloudWatch Logs' codes and words.

use serde_json::json;

use crate::log::LogError;
use crate::log::filter_pattern::PatternError;
use crate::log::insights::QueryError;
use crate::protocol::AwsError;

impl From<LogError> for AwsError {
    fn from(error: LogError) -> Self {
        let message = error.to_string();
        match error {
            LogError::GroupNotFound | LogError::StreamNotFound | LogError::QueryNotFound => {
                Self::new("ResourceNotFoundException", 400, message)
            }
            LogError::GroupExists | LogError::StreamExists => {
                Self::new("ResourceAlreadyExistsException", 400, message)
            }
            LogError::TooManyTails { .. } | LogError::TooManyQueries { .. } => {
                Self::new("LimitExceededException", 400, message)
            }
            LogError::Batch(_) => invalid(message),
            LogError::Store(error) => {
                tracing::error!(%error, "logs not read or written");
                Self::new(
                    "ServiceUnavailableException",
                    503,
                    "The service cannot complete the request.",
                )
            }
        }
    }
}

impl From<QueryError> for AwsError {
    fn from(error: QueryError) -> Self {
        let message = error.to_string();
        let location = json!({ "startCharOffset": error.start, "endCharOffset": error.end });
        let compile_error = json!({ "location": location, "message": message });
        Self::new("MalformedQueryException", 400, message).with("queryCompileError", compile_error)
    }
}

impl From<PatternError> for AwsError {
    fn from(error: PatternError) -> Self {
        invalid(error.to_string())
    }
}

/// `InvalidParameterException`.
pub(super) fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidParameterException", 400, message)
}
