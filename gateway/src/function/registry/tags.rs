//! TagResource, UntagResource, ListTags.

use std::sync::Arc;

use super::resolve::{arn_of, locate};
use super::{Registry, key_of};
use crate::auth::Identity;
use crate::function::tag::{self, Tags};
use crate::function::{FunctionError, FunctionKey};

impl Registry {
    /// Adds tags to a function, replacing those with the same keys.
    ///
    /// # Errors
    /// No such resource, not a function, or too many tags.
    pub async fn tag(
        self: &Arc<Self>,
        identity: &Identity,
        resource: &str,
        tags: Tags,
    ) -> Result<(), FunctionError> {
        let key = self.tagged(identity, resource)?;
        if tags.is_empty() {
            return Err(FunctionError::Invalid(
                "An error occurred and the request cannot be processed.".to_owned(),
            ));
        }
        self.change(key, move |function| tag::add(&mut function.tags, tags))
            .await
    }

    /// Removes tags from a function; unknown keys are fine.
    ///
    /// # Errors
    /// No such resource, or not a function.
    pub async fn untag(
        self: &Arc<Self>,
        identity: &Identity,
        resource: &str,
        keys: Vec<String>,
    ) -> Result<(), FunctionError> {
        let key = self.tagged(identity, resource)?;
        self.change(key, move |function| {
            for key in &keys {
                function.tags.remove(key);
            }
            Ok(())
        })
        .await
    }

    /// A function's tags.
    ///
    /// # Errors
    /// No such resource, or not a function.
    pub fn tags(&self, identity: &Identity, resource: &str) -> Result<Tags, FunctionError> {
        let key = self.tagged(identity, resource)?;
        Ok(self.stored(&key)?.function.tags.clone())
    }

    /// The function that an ARN names, which must be there.
    fn tagged(&self, identity: &Identity, resource: &str) -> Result<FunctionKey, FunctionError> {
        let kinds = [
            (":event-source-mapping:", "Event source mapping"),
            (":code-signing-config:", "Code signing config"),
            (":capacity-provider:", "Capacity provider"),
        ];
        if let Some((_, kind)) = kinds.iter().find(|(part, _)| resource.contains(part)) {
            return Err(FunctionError::Missing(format!(
                "{kind} not found: {resource}"
            )));
        }
        let located = locate(identity, resource, None)?;
        if located.qualifier.is_some() {
            return Err(FunctionError::Invalid(
                "Tags on function aliases and versions are not supported. Please specify a function ARN."
                    .to_owned(),
            ));
        }
        let key = key_of(identity, located.name);
        match self.stored(&key) {
            Ok(_) => Ok(key),
            Err(_) => Err(FunctionError::NotFound {
                arn: arn_of(identity, located.name, None),
            }),
        }
    }
}
