//! CreateAlias, GetAlias, UpdateAlias, DeleteAlias.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::resolve::{arn_of, locate};
use super::update::whole;
use super::{Registry, key_of};
use crate::auth::Identity;
use crate::function::FunctionError;
use crate::function::aggregate::Function;
use crate::function::alias::{Alias, weights};
use crate::function::deployment::new_id;
use crate::function::qualifier::Qualifier;

/// An alias to make.
#[derive(Clone, Debug)]
pub struct NewAlias {
    /// Its name.
    pub name: String,
    /// The version: `$LATEST` or a number.
    pub version: String,
    /// For people.
    pub description: String,
    /// The share of calls that another version gets.
    pub weights: BTreeMap<String, f64>,
}

/// What to change of an alias; absent members stay.
#[derive(Clone, Debug)]
pub struct AliasChange {
    /// The alias's name.
    pub name: String,
    /// The version: `$LATEST` or a number.
    pub version: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// The share of calls that another version gets; empty for none.
    pub weights: Option<BTreeMap<String, f64>>,
    /// What the caller takes to be the present `RevisionId`.
    pub revision_id: Option<String>,
}

/// The number of a version that an alias may name.
fn number_of(function: &Function, version: &str) -> Result<Option<u64>, FunctionError> {
    let number = match Qualifier::parse(Some(version)) {
        Qualifier::Latest => None,
        Qualifier::Number(number) => Some(number),
        Qualifier::Alias(_) => return Err(function.not_found(Some(version))),
    };
    let found = function.numbered(number);
    found
        .map(|_| number)
        .ok_or_else(|| function.not_found(Some(version)))
}

fn routing(
    function: &Function,
    number: Option<u64>,
    requested: &BTreeMap<String, f64>,
) -> Result<BTreeMap<u64, f64>, FunctionError> {
    let weights = weights(number, requested)?;
    for additional in requested.keys() {
        number_of(function, additional)?;
    }
    Ok(weights)
}

impl Registry {
    /// Makes an alias; answers it (`AliasConfiguration` of the model).
    ///
    /// # Errors
    /// No such function or version, a routing that AWS refuses, or the name is taken.
    pub async fn create_alias(
        self: &Arc<Self>,
        identity: &Identity,
        reference: &str,
        new: NewAlias,
    ) -> Result<Value, FunctionError> {
        let name = whole(locate(identity, reference, None)?)?;
        let key = key_of(identity, name);
        if self.stored(&key).is_err() {
            let arn = arn_of(identity, name, Some(&new.version));
            return Err(FunctionError::NotFound { arn });
        }
        self.change(key, move |function| {
            let version = number_of(function, &new.version)?;
            let additional = routing(function, version, &new.weights)?;
            if function.aliases.contains_key(&new.name) {
                let arn = function.arn(Some(&new.name));
                return Err(FunctionError::Conflict(format!(
                    "Alias already exists: {arn}"
                )));
            }
            let alias = Alias {
                version,
                description: new.description,
                additional,
                revision_id: new_id(),
            };
            let described = alias.describe(&function.key.arn(), &new.name);
            function.aliases.insert(new.name, alias);
            Ok(described)
        })
        .await
    }

    /// An alias.
    ///
    /// # Errors
    /// No such function or alias.
    pub fn alias(
        &self,
        identity: &Identity,
        reference: &str,
        name: &str,
    ) -> Result<Value, FunctionError> {
        let located = locate(identity, reference, None)?;
        let entry = self.entry(identity, located)?;
        let alias = entry.function.aliases.get(name);
        let alias = alias.ok_or_else(|| FunctionError::AliasNotFound {
            arn: entry.function.arn(Some(name)),
        })?;
        Ok(alias.describe(&entry.arn, name))
    }

    /// Changes an alias; answers it.
    ///
    /// # Errors
    /// No such function, version or alias, a routing that AWS refuses, or a stale revision.
    pub async fn update_alias(
        self: &Arc<Self>,
        identity: &Identity,
        reference: &str,
        change: AliasChange,
    ) -> Result<Value, FunctionError> {
        let key = key_of(identity, whole(locate(identity, reference, None)?)?);
        self.change(key, move |function| {
            let arn = function.arn(Some(&change.name));
            let mut alias = function
                .aliases
                .get(&change.name)
                .cloned()
                .ok_or_else(|| FunctionError::Missing(format!("Alias not found: {arn}")))?;
            if change.revision_id.is_some_and(|id| id != alias.revision_id) {
                return Err(FunctionError::StaleRevision {
                    operations: "GetFunction/GetAlias",
                });
            }
            if let Some(version) = &change.version {
                alias.version = number_of(function, version)?;
            }
            let requested = change.weights.unwrap_or_else(|| {
                let kept = alias.additional.iter();
                kept.map(|(number, weight)| (number.to_string(), *weight))
                    .collect()
            });
            alias.additional = routing(function, alias.version, &requested)?;
            alias.description = change.description.unwrap_or(alias.description);
            alias.revision_id = new_id();
            let described = alias.describe(&function.key.arn(), &change.name);
            function.aliases.insert(change.name, alias);
            Ok(described)
        })
        .await
    }

    /// Deletes an alias with its policy; it is fine if there is none.
    ///
    /// # Errors
    /// No such function.
    pub async fn delete_alias(
        self: &Arc<Self>,
        identity: &Identity,
        reference: &str,
        name: String,
    ) -> Result<(), FunctionError> {
        let key = key_of(identity, whole(locate(identity, reference, None)?)?);
        self.change(key, move |function| {
            function.aliases.remove(&name);
            function.policies.remove(&name);
            Ok(())
        })
        .await
    }
}
