//! PublishVersion.

use std::sync::Arc;

use serde_json::Value;

use super::resolve::locate;
use super::update::whole;
use super::{Registry, key_of};
use crate::auth::Identity;
use crate::function::FunctionError;
use crate::function::describe::{self, code_sha256};
use crate::function::qualifier::label;

impl Registry {
    /// Publishes `$LATEST`; answers the version's configuration.
    ///
    /// # Errors
    /// `$LATEST` is not what the caller takes it for, or is being changed.
    pub async fn publish_version(
        self: &Arc<Self>,
        identity: &Identity,
        reference: &str,
        expected_sha256: Option<String>,
        expected_revision: Option<String>,
        description: Option<String>,
    ) -> Result<Value, FunctionError> {
        let key = key_of(identity, whole(locate(identity, reference, None)?)?);
        self.change(key, move |function| {
            let sha256 = code_sha256(&function.latest.code.blob);
            if let Some(expected) = expected_sha256.filter(|expected| *expected != sha256) {
                return Err(FunctionError::Invalid(format!(
                    "CodeSHA256 ({expected}) is different from current CodeSHA256 in $LATEST ({sha256}). Please try again with the CodeSHA256 in $LATEST."
                )));
            }
            function.expect_revision(expected_revision.as_deref())?;
            let number = Some(function.publish(description)?);
            let version = function.numbered(number).unwrap_or(&function.latest);
            let qualifier = label(number);
            Ok(describe::configuration(function, number, version, Some(&qualifier)))
        })
        .await
    }
}
