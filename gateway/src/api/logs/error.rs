//! What the logs refuse, in CloudWatch Logs' codes and words.

use crate::log::LogError;
use crate::log::filter_pattern::PatternError;
use crate::protocol::AwsError;

impl From<LogError> for AwsError {
    fn from(error: LogError) -> Self {
        let message = error.to_string();
        match error {
            LogError::GroupNotFound | LogError::StreamNotFound => {
                Self::new("ResourceNotFoundException", 400, message)
            }
            LogError::GroupExists | LogError::StreamExists => {
                Self::new("ResourceAlreadyExistsException", 400, message)
            }
            LogError::TooManyTails { .. } => Self::new("LimitExceededException", 400, message),
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

impl From<PatternError> for AwsError {
    fn from(error: PatternError) -> Self {
        invalid(error.to_string())
    }
}

/// `InvalidParameterException`.
pub(super) fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidParameterException", 400, message)
}
