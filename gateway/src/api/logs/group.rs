//! The group that a call names, by its name or by `logGroupIdentifier`.

use super::error::invalid;
use crate::auth::Identity;
use crate::log::{GroupKey, LogError};
use crate::protocol::AwsError;

/// The caller's group of this name.
pub(super) fn named(identity: &Identity, name: String) -> GroupKey {
    GroupKey {
        account: identity.account.clone(),
        region: identity.region.clone(),
        name,
    }
}

/// The group that one of the two members names.
///
/// # Errors
/// None or both of them are given, or the ARN is of a group that the caller has not.
pub(super) fn chosen(
    identity: &Identity,
    name: Option<String>,
    identifier: Option<&str>,
) -> Result<GroupKey, AwsError> {
    match (name, identifier) {
        (Some(name), None) => Ok(named(identity, name)),
        (None, Some(identifier)) => {
            GroupKey::identified(&identity.account, &identity.region, identifier)
                .ok_or_else(|| LogError::GroupNotFound.into())
        }
        (Some(_), Some(_)) => Err(invalid(
            "LogGroup name and LogGroup ARN are mutually exclusive parameters.",
        )),
        (None, None) => Err(invalid(
            "You must include one of logGroupIdentifier or logGroupName, but not both.",
        )),
    }
}
