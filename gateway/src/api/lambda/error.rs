//! What the domain refuses, in Lambda's codes. The bodies differ by code, and strict clients see it.

use crate::function::FunctionError;
use crate::protocol::AwsError;

impl From<FunctionError> for AwsError {
    fn from(error: FunctionError) -> Self {
        let message = error.to_string();
        let user = |code, status| Self::new(code, status, message.clone()).with("Type", "User");
        match error {
            FunctionError::NotFound { .. }
            | FunctionError::AliasNotFound { .. }
            | FunctionError::Missing(_)
            | FunctionError::OtherRegion { .. } => {
                user("ResourceNotFoundException", 404).capital_message()
            }
            FunctionError::CodeSigningConfigMissing { .. } => {
                user("CodeSigningConfigNotFoundException", 404).capital_message()
            }
            FunctionError::OtherAccount { .. } => {
                Self::new("AccessDeniedException", 403, message).capital_message()
            }
            FunctionError::Exists { .. }
            | FunctionError::UpdateInProgress { .. }
            | FunctionError::NotReady { .. }
            | FunctionError::Conflict(_) => user("ResourceConflictException", 409),
            FunctionError::StaleRevision { .. } => user("PreconditionFailedException", 412),
            FunctionError::Invalid(_) | FunctionError::DeployFailed { .. } => {
                user("InvalidParameterValueException", 400)
            }
            FunctionError::Validation(_) => Self::new("ValidationException", 400, message),
            FunctionError::PackageTooLarge => {
                Self::new("RequestEntityTooLargeException", 413, message)
            }
            FunctionError::TestEventTooLarge { .. } => {
                Self::new("RequestTooLargeException", 413, message)
            }
            FunctionError::PolicyTooLarge { .. } => user("PolicyLengthExceededException", 400),
            FunctionError::Disk { .. }
            | FunctionError::Store(_)
            | FunctionError::Unreadable { .. }
            | FunctionError::Interrupted(_) => {
                tracing::error!(error = message, "a function's change failed");
                Self::new("ServiceException", 500, message)
                    .capital_message()
                    .with("Type", "Service")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_differ_by_code() {
        let missing = AwsError::from(FunctionError::NotFound { arn: "a".into() });
        assert_eq!(
            (missing.message_member, &missing.members["Type"]),
            ("Message", &"User".into())
        );
        let conflict = AwsError::from(FunctionError::Exists { name: "f".into() });
        assert_eq!(
            (conflict.message_member, &conflict.members["Type"]),
            ("message", &"User".into())
        );
        let invalid = AwsError::from(FunctionError::Validation("x".into()));
        assert_eq!(
            (invalid.message_member, invalid.members.len()),
            ("message", 0)
        );
    }
}
