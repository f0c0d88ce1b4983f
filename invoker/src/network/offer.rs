//! What of the modes this host can give, and what a function gets that asks for one.
//!
//! Invariant: nobody gets more than he asked for without being told. Where no router can be made, `outbound` is the host's network, which
//! the restriction `network-namespace` then tells; `none` is refused where it cannot be had.

use std::io;
use std::net::{Ipv4Addr, TcpListener};

use super::{Lease, LeaseError, Missing, Network, NetworkMode, NetworkSettings};

/// The networks of a server's functions.
#[derive(Debug)]
pub struct Networks {
    service: Option<Network>,
    missing: Option<Missing>,
}

impl Networks {
    /// As much as the host gives. What a killed predecessor with the same `instance` left is cleared. To be called within a runtime.
    pub async fn open(instance: &str, settings: &NetworkSettings) -> Self {
        let missing = match Network::establish(instance, settings).await {
            Ok(service) => {
                return Self {
                    service: Some(service),
                    missing: None,
                };
            }
            Err(missing) => missing,
        };
        let service = match missing.left.contains(&NetworkMode::None) {
            true => Network::of_empty_namespaces().ok(),
            false => None,
        };
        Self {
            service,
            missing: Some(missing),
        }
    }

    /// Only tells what the host would give; every function is on the host's network.
    pub async fn probe() -> Self {
        Self {
            service: None,
            missing: Network::probe().await.err(),
        }
    }

    /// Every function is on the host's network, because somebody wants it so.
    pub fn of_the_host() -> Self {
        Self {
            service: None,
            missing: None,
        }
    }

    /// Why functions have no network of their own.
    pub fn missing(&self) -> Option<&Missing> {
        self.missing.as_ref()
    }

    /// The modes that a function may ask for and get.
    pub fn offered(&self) -> Vec<NetworkMode> {
        match (&self.missing, &self.service) {
            (Some(missing), _) => missing.left.clone(),
            (None, Some(_)) => NetworkMode::ALL.to_vec(),
            (None, None) => vec![NetworkMode::Host],
        }
    }

    /// A namespace for one sandbox; `None` when it stays on the host's network.
    ///
    /// # Errors
    /// The mode cannot be had, the host refuses, or the server is stopping.
    ///
    /// # Cancel safety
    /// A namespace that is made for a caller that is gone is given back.
    pub async fn lease(&self, mode: NetworkMode) -> Result<Option<Lease>, LeaseError> {
        match (&self.service, mode) {
            (_, NetworkMode::Outbound) if self.missing.is_some() => Ok(None),
            (Some(service), mode) => service.lease(mode).await,
            (None, NetworkMode::None) => Err(LeaseError::NotOffered(mode)),
            (None, NetworkMode::Outbound | NetworkMode::Host) => Ok(None),
        }
    }

    /// Listens where `outbound` functions, and nobody else, can connect.
    ///
    /// # Errors
    /// The port is taken or 53, or there is no router.
    pub fn listen(&self, port: u16) -> io::Result<TcpListener> {
        let service = self.service.as_ref().ok_or(io::ErrorKind::Unsupported)?;
        service.listen(port)
    }

    /// What `outbound` functions are told of name servers; `None` when they ask the host's.
    pub fn resolv_conf(&self) -> Option<String> {
        let service = self.service.as_ref()?;
        self.missing.is_none().then(|| service.resolv_conf())
    }

    /// The address of what [`Self::listen`] gave, for functions.
    pub fn endpoint_address(&self) -> Option<Ipv4Addr> {
        let service = self.service.as_ref()?;
        self.missing.is_none().then(|| service.endpoint_address())
    }

    /// Takes everything off the host. Sandboxes that still run reach nothing from now on.
    pub async fn shutdown(&self) {
        if let Some(service) = &self.service {
            service.shutdown().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_gets_more_than_he_asked_for() {
        let nothing = Networks {
            service: None,
            missing: Some(Missing {
                reason: "the server has no privilege; run it as root".to_owned(),
                left: vec![NetworkMode::Host],
            }),
        };
        assert_eq!(nothing.offered(), [NetworkMode::Host]);
        let outbound = nothing.lease(NetworkMode::Outbound).await;
        assert!(outbound.expect("the host's, which is told").is_none());
        let none = nothing.lease(NetworkMode::None).await;
        assert!(matches!(
            none,
            Err(LeaseError::NotOffered(NetworkMode::None))
        ));
        assert_eq!(nothing.resolv_conf(), None);
    }
}
