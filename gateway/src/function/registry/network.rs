//! A function's network: read, and changed.

use std::sync::Arc;

use invoker::NetworkMode;

use super::resolve::locate;
use super::update::whole;
use super::{Registry, key_of};
use crate::auth::Identity;
use crate::function::FunctionError;

impl Registry {
    /// What a function's sandboxes reach.
    ///
    /// # Errors
    /// No such function.
    pub fn network(
        &self,
        identity: &Identity,
        reference: &str,
    ) -> Result<NetworkMode, FunctionError> {
        let located = locate(identity, reference, None)?;
        whole(located)?;
        Ok(self.entry(identity, located)?.function.network)
    }

    /// Changes what the sandboxes of all its versions reach; those that idle end, those that run a call end after it.
    ///
    /// # Errors
    /// No such function.
    pub async fn change_network(
        self: &Arc<Self>,
        identity: &Identity,
        reference: &str,
        network: NetworkMode,
    ) -> Result<(), FunctionError> {
        let key = key_of(identity, whole(locate(identity, reference, None)?)?);
        self.change(key, move |function| {
            function.network = network;
            Ok(())
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[tokio::test]
    async fn a_network_is_the_functions_and_its_versions_run_on_it() {
        let fixture = fixture().await;
        fixture.created("f").await;
        let network = |name: &str| fixture.registry.network(me(), name);
        assert_eq!(network("f").unwrap(), NetworkMode::Outbound);
        let changed = fixture
            .registry
            .change_network(me(), "f", NetworkMode::None);
        changed.await.unwrap();
        assert_eq!(network("f").unwrap(), NetworkMode::None);
        let target = fixture.registry.resolve(me(), "f", None).unwrap();
        assert_eq!(target.version.network, NetworkMode::None);
        assert!(network("g").is_err());
    }
}
