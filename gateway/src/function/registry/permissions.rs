//! AddPermission, RemovePermission, GetPolicy: the policies of functions, versions and aliases.

use std::sync::Arc;

use serde_json::Value;

use super::resolve::{Located, arn_of, locate};
use super::{Registry, key_of};
use crate::auth::Identity;
use crate::function::FunctionError;
use crate::function::aggregate::Function;
use crate::function::deployment::new_id;
use crate::function::policy::{Permission, Policy};
use crate::function::qualifier::{LATEST, Qualifier};

const STALE: FunctionError = FunctionError::StaleRevision {
    operations: "GetPolicy",
};

/// That what the policy is for is there.
fn exists(function: &Function, qualifier: Option<&str>) -> Result<(), FunctionError> {
    match (Qualifier::parse(qualifier), qualifier) {
        (Qualifier::Number(number), _) if function.published.contains_key(&number) => Ok(()),
        (Qualifier::Number(_), _) => Err(function.not_found(qualifier)),
        (Qualifier::Alias(name), _) if function.aliases.contains_key(name) => Ok(()),
        // No alias can have such a name: AWS takes it for a version's.
        (Qualifier::Alias(name), _) if name.contains('$') => Err(function.not_found(qualifier)),
        (Qualifier::Alias(_), _) => Err(FunctionError::AliasNotFound {
            arn: function.arn(qualifier),
        }),
        (Qualifier::Latest, None) => Ok(()),
        (Qualifier::Latest, Some(_)) => Err(FunctionError::Invalid(format!(
            "We currently do not support adding policies for {LATEST}."
        ))),
    }
}

impl Registry {
    /// Adds a statement to a policy; answers the statement.
    ///
    /// # Errors
    /// No such function, version or alias; the statement's id is taken; a bad principal; a stale revision.
    pub async fn add_permission(
        self: &Arc<Self>,
        identity: &Identity,
        reference: &str,
        qualifier: Option<&str>,
        permission: Permission,
        revision_id: Option<String>,
    ) -> Result<Value, FunctionError> {
        let located = locate(identity, reference, qualifier)?;
        let key = key_of(identity, located.name);
        let qualifier = located.qualifier.map(str::to_owned);
        self.change(key, move |function| {
            let qualifier = qualifier.as_deref();
            exists(function, qualifier)?;
            let statement = permission.statement(&function.arn(qualifier))?;
            let policies = &mut function.policies;
            let found = policies.get(qualifier.unwrap_or_default());
            let present = found.map(|policy| policy.revision_id.as_str());
            if revision_id.is_some() && revision_id.as_deref() != present {
                return Err(STALE);
            }
            let policy = policies
                .entry(qualifier.unwrap_or_default().to_owned())
                .or_insert_with(|| Policy {
                    revision_id: String::new(),
                    statements: Vec::new(),
                });
            policy.add(&permission.statement_id, statement.clone())?;
            policy.revision_id = new_id();
            Ok(statement)
        })
        .await
    }

    /// Removes a statement from a policy.
    ///
    /// # Errors
    /// No such function, version, alias, policy or statement; a stale revision.
    pub async fn remove_permission(
        self: &Arc<Self>,
        identity: &Identity,
        reference: &str,
        qualifier: Option<&str>,
        statement_id: String,
        revision_id: Option<String>,
    ) -> Result<(), FunctionError> {
        let located = locate(identity, reference, qualifier)?;
        let key = key_of(identity, located.name);
        if self.stored(&key).is_err() {
            let arn = arn_of(identity, located.name, located.qualifier);
            return Err(FunctionError::Missing(format!(
                "No policy found for: {arn}"
            )));
        }
        let qualifier = located.qualifier.map(str::to_owned);
        self.change(key, move |function| {
            exists(function, qualifier.as_deref())?;
            let of = qualifier.unwrap_or_default();
            let policy = function.policies.get_mut(&of).ok_or_else(|| {
                FunctionError::Missing(
                    "No policy is associated with the given resource.".to_owned(),
                )
            })?;
            if revision_id.is_some_and(|id| id != policy.revision_id) {
                return Err(STALE);
            }
            policy.remove(&statement_id)?;
            policy.revision_id = new_id();
            if policy.statements.is_empty() {
                function.policies.remove(&of);
            }
            Ok(())
        })
        .await
    }

    /// A policy's document and its revision.
    ///
    /// # Errors
    /// No such function, version, alias or policy.
    pub fn policy(
        &self,
        identity: &Identity,
        reference: &str,
        qualifier: Option<&str>,
    ) -> Result<(String, String), FunctionError> {
        let Located { name, qualifier } = locate(identity, reference, qualifier)?;
        let entry = self.stored(&key_of(identity, name))?;
        if qualifier != Some(LATEST) {
            exists(&entry.function, qualifier)?;
        }
        let policy = entry.function.policies.get(qualifier.unwrap_or_default());
        let policy = policy.ok_or_else(|| {
            FunctionError::Missing("The resource you requested does not exist.".to_owned())
        })?;
        Ok((policy.document(), policy.revision_id.clone()))
    }
}
