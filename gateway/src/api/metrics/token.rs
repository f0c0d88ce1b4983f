//! Tokens for the next page: what a page ended with, as JSON in base64.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::invalid_token;
use crate::protocol::AwsError;

pub(super) fn write(place: &impl Serialize) -> String {
    let text = serde_json::to_vec(place).expect("places are strings and numbers");
    URL_SAFE_NO_PAD.encode(text)
}

pub(super) fn read<T: DeserializeOwned>(token: &str) -> Result<T, AwsError> {
    let text = URL_SAFE_NO_PAD.decode(token).map_err(|_| invalid_token())?;
    serde_json::from_slice(&text).map_err(|_| invalid_token())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_written() {
        let place = ("N".to_owned(), 7_u64);
        assert_eq!(read::<(String, u64)>(&write(&place)), Ok(place));
        for token in ["", "%%", "e30"] {
            let error = read::<(String, u64)>(token).expect_err(token);
            assert_eq!(error.code, "InvalidNextToken");
        }
    }
}
