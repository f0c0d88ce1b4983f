//! `/hearth/functions/{name}/network`: what a function's sandboxes reach, which AWS says by subnets that one host does not have.

use invoker::NetworkMode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::Services;
use crate::auth::Identity;
use crate::protocol::AwsError;

/// The setting as it is given.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    mode: NetworkMode,
}

/// The function's setting, and what this host offers.
pub(super) fn get(identity: &Identity, name: &str, services: &Services) -> Result<Value, AwsError> {
    let mode = services.registry.network(identity, name)?;
    Ok(json!({ "mode": mode, "offered": services.invoker.networks().offered() }))
}

/// Changes the setting, to what this host offers.
pub(super) async fn put(
    identity: &Identity,
    name: &str,
    body: &[u8],
    services: &Services,
) -> Result<Value, AwsError> {
    let mode = mode(body)?;
    let networks = services.invoker.networks();
    if !networks.offered().contains(&mode) {
        let missing = networks.missing();
        let reason = missing.map_or("left out by --without", |missing| missing.reason.as_str());
        return Err(refused(format!(
            "this host does not offer {mode}: {reason}"
        )));
    }
    services
        .registry
        .change_network(identity, name, mode)
        .await?;
    get(identity, name, services)
}

fn mode(body: &[u8]) -> Result<NetworkMode, AwsError> {
    let setting: Result<Setting, _> = serde_json::from_slice(body);
    setting.map(|setting| setting.mode).map_err(|error| {
        refused(format!(
            "the body must be an object with mode (outbound, none or host): {error}"
        ))
    })
}

fn refused(reason: String) -> AwsError {
    let message = format!("1 validation error detected: {reason}");
    AwsError::new("ValidationException", 400, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_setting_is_understood() {
        assert_eq!(mode(br#"{"mode": "none"}"#).unwrap(), NetworkMode::None);
        for wrong in [
            &b""[..],
            b"[]",
            br#""none""#,
            br#"{"mode": "bridge"}"#,
            br#"{"mode": "none", "mtu": 1500}"#,
        ] {
            let refused = mode(wrong).unwrap_err();
            assert_eq!((refused.code, refused.status), ("ValidationException", 400));
        }
    }
}
