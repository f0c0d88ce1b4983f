//! The caller, as the request's signature scope names it.

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
