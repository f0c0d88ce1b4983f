//! DeleteFunction: one version, or all with what belongs to them. Logs stay.

use std::sync::Arc;

use super::resolve::locate;
use super::{Registry, key_of};
use crate::auth::Identity;
use crate::function::FunctionError;
use crate::function::qualifier::Qualifier;

impl Registry {
    /// Deletes the version that `qualifier` names, or the function with everything when it names none.
    ///
    /// # Errors
    /// No such function; `$LATEST`, an alias, or a version that an alias names.
    pub async fn delete(
        self: &Arc<Self>,
        identity: &Identity,
        reference: &str,
        qualifier: Option<&str>,
    ) -> Result<(), FunctionError> {
        let located = locate(identity, reference, qualifier)?;
        let key = key_of(identity, located.name);
        self.entry(identity, located)?;
        match Qualifier::parse(located.qualifier) {
            Qualifier::Latest if located.qualifier.is_none() => self.remove(key, |_| Ok(())).await,
            Qualifier::Latest => Err(FunctionError::Invalid(
                "$LATEST version cannot be deleted without deleting the function.".to_owned(),
            )),
            Qualifier::Alias(_) => Err(FunctionError::Invalid(
                "Deletion of aliases is not currently supported.".to_owned(),
            )),
            Qualifier::Number(number) => self.change(key, move |function| {
                let names = function.aliases.iter();
                let naming: Vec<&str> = names
                    .filter(|(_, alias)| alias.names(number))
                    .map(|(name, _)| name.as_str())
                    .collect();
                if !naming.is_empty() {
                    return Err(FunctionError::Conflict(format!(
                        "The function version cannot be deleted because it is referenced by alias(es): [{}]",
                        naming.join(", ")
                    )));
                }
                let publishing = function.deploy.as_ref().and_then(|deploy| deploy.publishes);
                if publishing == Some(number) {
                    return Err(FunctionError::UpdateInProgress {
                        arn: function.key.arn(),
                    });
                }
                function.published.remove(&number);
                function.policies.remove(&number.to_string());
                Ok(())
            })
            .await,
        }
    }
}
