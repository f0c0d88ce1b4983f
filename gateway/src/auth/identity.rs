//! The caller, as the request's signature scope names it.

use super::Scope;

/// The account of a caller whose access key names none.
pub const DEFAULT_ACCOUNT: &str = "000000000000";
/// Before the account in the access keys of assumed roles (`ASIA` is AWS's prefix of temporary keys).
pub const TEMPORARY_KEY_PREFIX: &str = "ASIA";

/// Account and region are part of every key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identity {
    /// Twelve digits.
    pub account: String,
    /// Such as `us-east-1`.
    pub region: String,
    /// The access key id that signed, empty when the request was not signed.
    pub access_key: String,
}

impl Identity {
    /// The caller that `scope` names; without one, or without a region in it, in `default_region`.
    pub fn of(scope: Option<&Scope>, default_region: &str) -> Self {
        let access_key = scope.map_or("", |scope| &scope.access_key);
        let region = scope.and_then(|scope| scope.region.as_deref());
        Self {
            account: account_of(access_key).to_owned(),
            region: region.unwrap_or(default_region).to_owned(),
            access_key: access_key.to_owned(),
        }
    }
}

/// An access key id of twelve digits is an account, and so are the twelve behind a temporary key's prefix.
fn account_of(access_key: &str) -> &str {
    let digits = access_key
        .strip_prefix(TEMPORARY_KEY_PREFIX)
        .unwrap_or(access_key);
    let is_account = digits.len() == 12 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_account { digits } else { DEFAULT_ACCOUNT }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_access_key_names_the_account() {
        assert_eq!(account_of("111122223333"), "111122223333");
        assert_eq!(account_of("ASIA111122223333"), "111122223333");
        for other in ["", "test", "AKIAIOSFODNN7EXAMPLE", "11112222333é"] {
            assert_eq!(account_of(other), DEFAULT_ACCOUNT, "{other}");
        }
    }
}
