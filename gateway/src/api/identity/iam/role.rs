//! A role as it is stored: one document for each, with its policies.

use std::collections::BTreeMap;

use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::api::Services;
use crate::protocol::AwsError;
use crate::store::{Expect, StoreError};

/// Documents read from the store at a time for a list.
const SCANNED_ROLES: usize = 200;
/// How often a change is tried again when another one came between.
const ATTEMPTS: usize = 8;

/// A stored role.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Role {
    pub(super) name: String,
    pub(super) path: String,
    pub(super) id: String,
    pub(super) created_seconds: i64,
    pub(super) trust_policy: String,
    pub(super) description: Option<String>,
    pub(super) max_session_seconds: i64,
    /// Name → document.
    pub(super) inline: BTreeMap<String, String>,
    /// ARN → name.
    pub(super) attached: BTreeMap<String, String>,
}

impl Role {
    fn key(account: &str, name: &str) -> String {
        // Role names are unique in an account whatever their case.
        format!("{}{}", Self::key_prefix(account), name.to_ascii_lowercase())
    }

    fn key_prefix(account: &str) -> String {
        format!("iam/{account}/role/")
    }

    /// The `Role` of the model; documents travel percent-encoded (RFC 3986).
    pub(super) fn shown(&self, account: &str) -> Value {
        let mut role = json!({
            "Path": self.path,
            "RoleName": self.name,
            "RoleId": self.id,
            "Arn": format!("arn:aws:iam::{account}:role{}{}", self.path, self.name),
            "CreateDate": self.created_seconds,
            "AssumeRolePolicyDocument": encoded(&self.trust_policy),
            "MaxSessionDuration": self.max_session_seconds,
        });
        if let Some(description) = &self.description {
            role["Description"] = json!(description);
        }
        role
    }

    /// Stores a new role.
    pub(super) async fn create(&self, account: &str, services: &Services) -> Result<(), AwsError> {
        let key = Self::key(account, &self.name);
        match services
            .store
            .documents
            .put(&key, Expect::Absent, self.body())
            .await
        {
            Ok(_) => Ok(()),
            Err(StoreError::Conflict { .. }) => Err(AwsError::new(
                "EntityAlreadyExistsException",
                409,
                format!("Role with name {} already exists.", self.name),
            )),
            Err(error) => Err(failed(&error)),
        }
    }

    /// Reads a role.
    pub(super) async fn get(
        account: &str,
        name: &str,
        services: &Services,
    ) -> Result<Self, AwsError> {
        read(account, name, services).await.map(|(role, _)| role)
    }

    /// At most `limit` roles whose path starts with `path_prefix`, by name (whatever its case), from behind the name `after`.
    pub(super) async fn list(
        account: &str,
        path_prefix: &str,
        after: Option<&str>,
        limit: usize,
        services: &Services,
    ) -> Result<Vec<Self>, AwsError> {
        let documents = &services.store.documents;
        let prefix = Self::key_prefix(account);
        let mut after = after.map(|name| Self::key(account, name));
        let mut roles = Vec::new();
        loop {
            let scanned = documents.scan(&prefix, after.as_deref(), SCANNED_ROLES);
            let scanned = scanned.await.map_err(|error| failed(&error))?;
            for document in &scanned {
                let role: Self =
                    serde_json::from_slice(&document.body).map_err(|error| failed(&error))?;
                if !role.path.starts_with(path_prefix) {
                    continue;
                }
                roles.push(role);
                if roles.len() == limit {
                    return Ok(roles);
                }
            }
            if scanned.len() < SCANNED_ROLES {
                return Ok(roles);
            }
            after = scanned.into_iter().next_back().map(|document| document.key);
        }
    }

    /// Changes a role; `change` may be called again when another change came between.
    pub(super) async fn change<T>(
        account: &str,
        name: &str,
        services: &Services,
        mut change: impl FnMut(&mut Self) -> Result<T, AwsError>,
    ) -> Result<T, AwsError> {
        for _ in 0..ATTEMPTS {
            let (mut role, revision) = read(account, name, services).await?;
            let done = change(&mut role)?;
            let key = Self::key(account, name);
            let expect = Expect::Revision(revision);
            match services
                .store
                .documents
                .put(&key, expect, role.body())
                .await
            {
                Ok(_) => return Ok(done),
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(failed(&error)),
            }
        }
        let message = format!("The role with name {name} is being changed by other requests.");
        Err(AwsError::new(
            "ConcurrentModificationException",
            409,
            message,
        ))
    }

    /// Removes a role.
    pub(super) async fn delete(
        account: &str,
        name: &str,
        services: &Services,
    ) -> Result<(), AwsError> {
        let (role, revision) = read(account, name, services).await?;
        if !role.inline.is_empty() || !role.attached.is_empty() {
            let what = if role.attached.is_empty() {
                "delete policies"
            } else {
                "detach all policies"
            };
            let message = format!("Cannot delete entity, must {what} first.");
            return Err(AwsError::new("DeleteConflictException", 409, message));
        }
        let key = Self::key(account, name);
        let documents = &services.store.documents;
        match documents.delete(&key, Expect::Revision(revision)).await {
            Ok(()) | Err(StoreError::Conflict { .. }) => Ok(()),
            Err(error) => Err(failed(&error)),
        }
    }

    fn body(&self) -> Bytes {
        Bytes::from(serde_json::to_vec(self).expect("strings and numbers always serialise"))
    }
}

/// A policy document as IAM answers it.
pub(super) fn encoded(document: &str) -> String {
    utf8_percent_encode(document, NON_ALPHANUMERIC).to_string()
}

/// Holds a policy document to be JSON.
pub(super) fn check_document(document: &str) -> Result<(), AwsError> {
    match serde_json::from_str::<Value>(document) {
        Ok(Value::Object(_)) => Ok(()),
        _ => Err(AwsError::new(
            "MalformedPolicyDocumentException",
            400,
            "This policy contains invalid Json",
        )),
    }
}

/// `NoSuchEntity` about a policy of a role.
pub(super) fn no_such_policy(role: &str, policy: &str) -> AwsError {
    let message = format!("The role policy with name {policy} cannot be found for role {role}.");
    AwsError::new("NoSuchEntityException", 404, message)
}

async fn read(account: &str, name: &str, services: &Services) -> Result<(Role, u64), AwsError> {
    let key = Role::key(account, name);
    let found = services.store.documents.get(&key).await;
    let document = found.map_err(|error| failed(&error))?.ok_or_else(|| {
        let message = format!("The role with name {name} cannot be found.");
        AwsError::new("NoSuchEntityException", 404, message)
    })?;
    match serde_json::from_slice(&document.body) {
        Ok(role) => Ok((role, document.revision)),
        Err(error) => Err(failed(&error)),
    }
}

fn failed(error: &dyn std::error::Error) -> AwsError {
    tracing::error!(%error, "roles in the store");
    AwsError::new("ServiceFailureException", 500, error.to_string())
}
