//! `nextToken`: where the next page starts, as opaque text.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::invalid;
use crate::protocol::AwsError;

/// The token of a place.
pub(super) fn encode(place: &impl Serialize) -> String {
    let json = serde_json::to_vec(place).expect("places serialise: numbers and text");
    URL_SAFE_NO_PAD.encode(json)
}

/// The place of a token.
///
/// # Errors
/// It is none of ours.
pub(super) fn decode<T: DeserializeOwned>(token: &str) -> Result<T, AwsError> {
    URL_SAFE_NO_PAD
        .decode(token)
        .ok()
        .and_then(|json| serde_json::from_slice(&json).ok())
        .ok_or_else(refused)
}

/// The refusal of a token that is none of ours.
pub(super) fn refused() -> AwsError {
    invalid("The specified nextToken is invalid.")
}
