//! The user's environment variables: which names are Lambda's own, and how large they may be together. Pure.
//! <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>

use std::collections::BTreeMap;

use super::FunctionError;
use super::limits::ENVIRONMENT_BYTES;

/// Names that only Lambda sets.
const RESERVED: [&str; 20] = [
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SESSION_EXPIRATION",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
    "TZ",
];

/// Holds `variables` against Lambda's rules.
///
/// # Errors
/// A reserved name, or too large.
pub fn check(variables: &BTreeMap<String, String>) -> Result<(), FunctionError> {
    let reserved: Vec<&str> = variables
        .keys()
        .map(String::as_str)
        .filter(|name| RESERVED.contains(name))
        .collect();
    let refused = |why: String| {
        FunctionError::Invalid(format!(
            "Lambda was unable to configure your environment variables because the environment variables you have provided {why}"
        ))
    };
    if !reserved.is_empty() {
        return Err(refused(format!(
            "contains reserved keys that are currently not supported for modification. Reserved keys used in this request: {}",
            reserved.join(", ")
        )));
    }
    let measured = serde_json::to_string(variables).expect("a map of strings serialises");
    if measured.len() > ENVIRONMENT_BYTES {
        return Err(refused(format!(
            "exceeded the 4KB limit. String measured: {measured}"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(pairs: &[(&str, &str)]) -> Option<String> {
        let owned = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
        let error = check(&pairs.iter().map(owned).collect()).err()?;
        Some(error.to_string())
    }

    #[test]
    fn reserved_names_are_named() {
        let message = refusal(&[("AWS_REGION", "x"), ("OK", "1"), ("_HANDLER", "y")]).unwrap();
        assert!(message.ends_with("Reserved keys used in this request: AWS_REGION, _HANDLER"));
        assert_eq!(refusal(&[("LANG", "C"), ("PATH", "/bin")]), None);
    }

    #[test]
    fn four_kilobytes_of_json_is_the_limit() {
        // {"K1":"…"} is 9 bytes beside the value.
        assert_eq!(refusal(&[("K1", &"x".repeat(4_096 - 9))]), None);
        let message = refusal(&[("K1", &"x".repeat(4_096 - 8))]).unwrap();
        assert!(message.contains("exceeded the 4KB limit. String measured: {\"K1\":\"xxx"));
    }
}
