//! A function's recording setting: read, and changed.

use std::sync::Arc;

use super::resolve::locate;
use super::update::whole;
use super::{Registry, key_of};
use crate::auth::Identity;
use crate::function::FunctionError;
use crate::function::recording::{Recording, RecordingChange};

impl Registry {
    /// What is kept of a function's invocations.
    ///
    /// # Errors
    /// No such function.
    pub fn recording(
        &self,
        identity: &Identity,
        reference: &str,
    ) -> Result<Recording, FunctionError> {
        let located = locate(identity, reference, None)?;
        whole(located)?;
        let entry = self.entry(identity, located)?;
        Ok(entry
            .function
            .recording
            .as_deref()
            .cloned()
            .unwrap_or_default())
    }

    /// Changes what is kept of a function's invocations from now on; answers the whole setting.
    ///
    /// # Errors
    /// No such function, or the setting is out of bounds.
    pub async fn change_recording(
        self: &Arc<Self>,
        identity: &Identity,
        reference: &str,
        change: RecordingChange,
    ) -> Result<Recording, FunctionError> {
        let key = key_of(identity, whole(locate(identity, reference, None)?)?);
        self.change(key, move |function| {
            let before = function.recording.as_deref().cloned().unwrap_or_default();
            let after = before.changed(change)?;
            function.recording = Some(Arc::new(after.clone()));
            Ok(after)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[tokio::test]
    async fn a_setting_is_stored_with_its_function_and_goes_with_it() {
        let fixture = fixture().await;
        fixture.created("f").await;
        let before = fixture.registry.resolve(me(), "f", None).unwrap();
        let change = RecordingChange {
            keep_events: Some(true),
            redact_keys: None,
        };
        let changed = fixture.registry.change_recording(me(), "f", change);
        assert!(changed.await.unwrap().keep_events);
        let after = fixture.registry.resolve(me(), "f", None).unwrap();
        assert!(
            after
                .recording
                .is_some_and(|recording| recording.keep_events)
        );
        assert!(Arc::ptr_eq(&before.version, &after.version));

        let again = fixture.reopened().await;
        assert!(again.recording(me(), "f").unwrap().keep_events);
        again.delete(me(), "f", None).await.unwrap();
        assert!(again.recording(me(), "f").is_err());
        again.create(me(), new("f")).await.unwrap();
        assert!(!again.recording(me(), "f").unwrap().keep_events);
    }
}
