//! What the domain refuses, in Lambda's codes and words.

use crate::function::FunctionError;
use crate::protocol::AwsError;

impl From<FunctionError> for AwsError {
    fn from(error: FunctionError) -> Self {
        let message = error.to_string();
        match error {
            FunctionError::NotFound { .. } => Self::new("ResourceNotFoundException", 404, message)
                .capital_message()
                .with("Type", "User"),
        }
    }
}
