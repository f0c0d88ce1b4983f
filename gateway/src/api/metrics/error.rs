//! What CloudWatch refuses, in its codes and words: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CommonErrors.html>.

use crate::metric::PutError;
use crate::protocol::AwsError;
use crate::store::StoreError;

/// A member has a value that it must not have.
pub(super) fn invalid_value(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidParameterValueException", 400, message)
}

/// Members that do not go together.
pub(super) fn invalid_combination(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidParameterCombinationException", 400, message)
}

/// A member is missing.
pub(super) fn missing(message: impl Into<String>) -> AwsError {
    AwsError::new("MissingRequiredParameterException", 400, message)
}

/// A query or an expression makes no sense.
pub(super) fn validation(message: impl Into<String>) -> AwsError {
    AwsError::new("ValidationError", 400, message)
}

/// A token that no answer carried.
pub(super) fn invalid_token() -> AwsError {
    AwsError::new("InvalidNextToken", 400, "The next token is invalid.")
}

/// Two members of which at most one may be given.
pub(super) fn both(one: &str, other: &str) -> AwsError {
    invalid_combination(exclusive(one, other))
}

/// The words for two members of which at most one may be given.
pub(super) fn exclusive(one: &str, other: &str) -> String {
    format!("The parameters {one} and {other} are mutually exclusive and you have specified both.")
}

/// The store's fault.
pub(super) fn store(error: StoreError) -> AwsError {
    tracing::error!(%error, "read or write metrics");
    AwsError::new(
        "InternalServiceFault",
        500,
        "The request processing has failed because of an unknown error, exception or failure.",
    )
    .capital_message()
}

impl From<PutError> for AwsError {
    fn from(error: PutError) -> Self {
        match error {
            PutError::Full { .. } => Self::new("LimitExceededFault", 400, error.to_string()),
            PutError::Store(error) => store(error),
        }
    }
}
