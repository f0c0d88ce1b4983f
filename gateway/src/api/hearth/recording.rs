//! `/hearth/functions/{name}/recording`: whether a function's events and responses are kept, and which keys are redacted.

use serde_json::{Value, json};

use crate::api::Services;
use crate::auth::Identity;
use crate::function::recording::{Recording, RecordingChange};
use crate::protocol::AwsError;

/// The function's setting.
pub(super) fn get(identity: &Identity, name: &str, services: &Services) -> Result<Value, AwsError> {
    Ok(shape(&services.registry.recording(identity, name)?))
}

/// Changes the setting as the body says; what it does not say stays.
pub(super) async fn put(
    identity: &Identity,
    name: &str,
    body: &[u8],
    services: &Services,
) -> Result<Value, AwsError> {
    let change = change(body)?;
    let registry = &services.registry;
    let recording = registry.change_recording(identity, name, change).await?;
    Ok(shape(&recording))
}

/// The setting as JSON.
pub(super) fn shape(recording: &Recording) -> Value {
    json!({ "keepEvents": recording.keep_events, "redactKeys": recording.redact_keys })
}

fn change(body: &[u8]) -> Result<RecordingChange, AwsError> {
    serde_json::from_slice(body).map_err(|error| {
        let message = format!(
            "1 validation error detected: the body must be an object with keepEvents (a boolean) and redactKeys (a list of \
             strings): {error}"
        );
        AwsError::new("ValidationException", 400, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_setting_is_understood() {
        let given = change(br#"{"keepEvents": true, "redactKeys": ["pin"]}"#).unwrap();
        assert_eq!(
            (given.keep_events, given.redact_keys),
            (Some(true), Some(vec!["pin".to_owned()]))
        );
        for wrong in [
            &b""[..],
            b"[]",
            b"true",
            br#"{"keepEvents": "yes"}"#,
            br#"{"redactKeys": [1]}"#,
            br#"{"redactKeys": "password"}"#,
            br#"{"keep": true}"#,
        ] {
            let refused = change(wrong).unwrap_err();
            assert_eq!((refused.code, refused.status), ("ValidationException", 400));
        }
    }
}
