//! What a log group is: its name, its document, its ARN.
//!
//! A group's streams hang on its id, not on its name: a group that is deleted is gone in one step, whatever it held, and
//! a new group of the same name starts empty.

use serde::{Deserialize, Serialize};

/// Names a log group.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupKey {
    /// Twelve digits.
    pub account: String,
    /// Such as `us-east-1`.
    pub region: String,
    /// Such as `/aws/lambda/hello`.
    pub name: String,
}

impl GroupKey {
    /// The group that a `logGroupIdentifier` means: a name, or an ARN with or without its closing `:*`.
    /// `None` when the ARN is of another account or region, or is none of a log group.
    pub fn identified(account: &str, region: &str, identifier: &str) -> Option<Self> {
        let name = if identifier.starts_with("arn:") {
            let resource = identifier
                .strip_prefix("arn:aws:logs:")?
                .strip_prefix(region)?
                .strip_prefix(':')?
                .strip_prefix(account)?
                .strip_prefix(":log-group:")?;
            resource.strip_suffix(":*").unwrap_or(resource)
        } else {
            identifier
        };
        Some(Self {
            account: account.to_owned(),
            region: region.to_owned(),
            name: name.to_owned(),
        })
    }

    /// The group's ARN, without a closing `:*`.
    pub fn arn(&self) -> String {
        format!(
            "arn:aws:logs:{}:{}:log-group:{}",
            self.region, self.account, self.name
        )
    }

    /// The key of the group's document.
    pub(super) fn document_key(&self) -> String {
        format!(
            "{DOCUMENT_PREFIX}{}/{}/{}",
            self.account, self.region, self.name
        )
    }

    /// The group whose document lies under `key`.
    pub(super) fn of_document_key(key: &str) -> Option<Self> {
        let mut parts = key.strip_prefix(DOCUMENT_PREFIX)?.splitn(3, '/');
        Some(Self {
            account: parts.next()?.to_owned(),
            region: parts.next()?.to_owned(),
            name: parts.next()?.to_owned(),
        })
    }
}

/// What the keys of all groups' documents start with.
pub(super) const DOCUMENT_PREFIX: &str = "log-group/";

/// The class that a group was made with; hearth stores every class alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GroupClass {
    /// AWS's default.
    #[default]
    Standard,
    /// Cheaper on AWS.
    InfrequentAccess,
    /// For deliveries to S3.
    Delivery,
}

/// What is known of a group beside its streams.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDocument {
    /// Its streams hang on this.
    pub(super) id: String,
    /// When it was made, milliseconds since the epoch.
    pub created_ms: i64,
    /// How long it keeps events; `None`: for ever.
    pub retention_days: Option<u32>,
    /// What its events take, roughly: a crash or an expiry may leave it a little off.
    pub stored_bytes: u64,
    /// As it was made.
    pub class: GroupClass,
    /// The key that its maker named; hearth does not encrypt with it.
    pub kms_key_id: Option<String>,
}

impl GroupDocument {
    /// A group with no stream yet.
    pub(super) fn new(created_ms: i64, class: GroupClass, kms_key_id: Option<String>) -> Self {
        Self {
            id: new_id(),
            created_ms,
            retention_days: None,
            stored_bytes: 0,
            class,
            kms_key_id,
        }
    }

    /// What the keys of its streams' documents start with.
    pub(super) fn stream_prefix(&self) -> String {
        stream_prefix(&self.id)
    }
}

/// What the keys of the documents of a group's streams start with.
pub(super) fn stream_prefix(group_id: &str) -> String {
    format!("log-stream/{group_id}/")
}

/// An id that no group or stream had before.
pub(super) fn new_id() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_identified_by_name_or_arn() {
        let identified = |identifier: &str| {
            GroupKey::identified("000000000000", "us-east-1", identifier).map(|group| group.name)
        };
        let arn = "arn:aws:logs:us-east-1:000000000000:log-group:/a/b";
        assert_eq!(identified("/a/b").as_deref(), Some("/a/b"));
        assert_eq!(identified(arn).as_deref(), Some("/a/b"));
        assert_eq!(identified(&format!("{arn}:*")).as_deref(), Some("/a/b"));
        assert_eq!(identified(&arn.replace("000", "111")), None);
        assert_eq!(identified("arn:aws:s3:::bucket"), None);
    }

    #[test]
    fn a_documents_key_names_its_group() {
        let group = GroupKey::identified("000000000000", "us-east-1", "/a/b").unwrap();
        assert_eq!(
            GroupKey::of_document_key(&group.document_key()),
            Some(group)
        );
    }
}
