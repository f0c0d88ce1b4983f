//! The service: established once for a server, leased from for every sandbox, shut down with it.

use std::io;
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use invoker_linux::credentials;
use invoker_linux::net::namespace::NetworkNamespace;

use super::addresses::ROUTER;
use super::relay::Relay;
use super::router::Router;
use super::workshop::{Kind, Lease, Workshop};
use super::{NetworkMode, NetworkSettings};

/// Why functions cannot have a network of their own on this host, and what they can have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no network of their own for functions: {reason}")]
pub struct Missing {
    /// What the host refuses, for people.
    pub reason: String,
    /// The modes that are left. With [`NetworkMode::None`] among them, [`Network::of_empty_namespaces`] works.
    pub left: Vec<NetworkMode>,
}

/// Why there is no lease.
#[derive(Debug, thiserror::Error)]
pub enum LeaseError {
    /// This server offers no such network.
    #[error("this server has no network of the mode {0}")]
    NotOffered(NetworkMode),
    /// The host refused a namespace.
    #[error("make a network namespace: {0}")]
    Refused(#[from] io::Error),
    /// The server is stopping.
    #[error("the functions' network is shut down")]
    ShutDown,
}

/// The functions' network.
#[derive(Debug)]
pub struct Network {
    router: Option<Arc<Router>>,
    workshop: Arc<Workshop>,
    relay: Option<Relay>,
    /// The thread that stocks the workshop; `None` when the network is shut down.
    stocking: Mutex<Option<JoinHandle<()>>>,
}

impl Network {
    /// Makes the router and joins it to the host. What a killed predecessor with the same `instance` left is cleared.
    ///
    /// To be called within a runtime, on which names are then looked up for sandboxes. Where `net.ipv4.ip_forward` is off, this
    /// switches it on, and says so in the log.
    ///
    /// # Errors
    /// What the host refuses, and what is left then. Nothing stays behind.
    pub async fn establish(instance: &str, settings: &NetworkSettings) -> Result<Self, Missing> {
        let (instance, settings) = (instance.to_owned(), settings.clone());
        let router = blocking(move || build(&instance, &settings)).await?;
        if router.switched_forwarding_on() {
            tracing::info!(
                "net.ipv4.ip_forward was off and is on now, for the functions' network: this host passes packets of others on; \
                 it stays on when the server ends"
            );
        }
        let router = Arc::new(router);
        let relay = Relay::start(&router)
            .map_err(|error| missing(format!("start the name relay: {error}")))?;
        Self::open(Some(router), Some(relay))
            .map_err(|error| missing(format!("start a thread: {error}")))
    }

    /// A network whose functions reach nothing: only [`NetworkMode::None`] can be leased.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn of_empty_namespaces() -> io::Result<Self> {
        Self::open(None, None)
    }

    /// Whether [`Self::establish`] would succeed. Tried in a namespace that stands for the host, so that the host stays as it is.
    ///
    /// # Errors
    /// As [`Self::establish`].
    pub async fn probe() -> Result<(), Missing> {
        let attempt = || {
            let inside = || Ok(build("probe", &NetworkSettings::default()).map(drop));
            match NetworkNamespace::create(inside) {
                Ok((_host, outcome)) => outcome,
                Err(error) => Err(missing(format!("make a network namespace: {error}"))),
            }
        };
        blocking(attempt).await
    }

    fn open(router: Option<Arc<Router>>, relay: Option<Relay>) -> io::Result<Self> {
        let workshop = Arc::new(Workshop::new(router.clone()));
        let stocked = Arc::clone(&workshop);
        let stocking = thread::Builder::new()
            .name("network-stock".to_owned())
            .spawn(move || stocked.keep_stocked())?;
        Ok(Self {
            router,
            workshop,
            relay,
            stocking: Mutex::new(Some(stocking)),
        })
    }

    /// A namespace for one sandbox: at once when one is ready, else in the milliseconds that making it takes. `None` for
    /// [`NetworkMode::Host`], whose sandboxes stay where the server is.
    ///
    /// # Errors
    /// The mode is not offered, the host refuses, or the network is shut down.
    ///
    /// # Cancel safety
    /// A namespace that is made for a caller that is gone is given back.
    pub async fn lease(&self, mode: NetworkMode) -> Result<Option<Lease>, LeaseError> {
        let kind = match (mode, &self.router) {
            (NetworkMode::Host, _) => return Ok(None),
            (NetworkMode::None, _) => Kind::Empty,
            (NetworkMode::Outbound, Some(_)) => Kind::Joined,
            (NetworkMode::Outbound, None) => return Err(LeaseError::NotOffered(mode)),
        };
        if self.stocking().is_none() {
            return Err(LeaseError::ShutDown);
        }
        if let Some(ready) = self.workshop.take_ready(kind) {
            return Ok(Some(ready));
        }
        let workshop = Arc::clone(&self.workshop);
        Ok(Some(blocking(move || workshop.make(kind)).await?))
    }

    /// Listens at [`Self::endpoint_address`], where all sandboxes and nobody else can connect. The listener blocks, as those of
    /// the standard library do.
    ///
    /// # Errors
    /// The port is taken or 53, or there is no router.
    pub fn listen(&self, port: u16) -> io::Result<TcpListener> {
        let router = self.router.as_ref().ok_or(io::ErrorKind::Unsupported)?;
        router.within(|| TcpListener::bind(SocketAddrV4::new(ROUTER, port)))
    }

    /// The address by which sandboxes reach what [`Self::listen`] gave.
    pub fn endpoint_address(&self) -> Ipv4Addr {
        ROUTER
    }

    /// What a sandbox's `/etc/resolv.conf` says.
    pub fn resolv_conf(&self) -> String {
        format!("nameserver {ROUTER}\n")
    }

    /// Takes everything off the host. Sandboxes that still run reach nothing from now on.
    pub async fn shutdown(&self) {
        let Some(stocking) = self.stocking().take() else {
            return;
        };
        if let Some(relay) = &self.relay {
            relay.stop().await;
        }
        let (workshop, router) = (Arc::clone(&self.workshop), self.router.clone());
        blocking(move || take_down(&workshop, router.as_deref(), stocking)).await;
    }

    fn stocking(&self) -> std::sync::MutexGuard<'_, Option<JoinHandle<()>>> {
        self.stocking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where namespaces are made, for tests to wait for it.
    #[cfg(test)]
    pub(super) fn workshop(&self) -> &Workshop {
        &self.workshop
    }
}

/// What [`Network::shutdown`] does, for one that was not shut down: it blocks, milliseconds at most.
impl Drop for Network {
    fn drop(&mut self) {
        if let Some(stocking) = self.stocking().take() {
            take_down(&self.workshop, self.router.as_deref(), stocking);
        }
    }
}

fn take_down(workshop: &Workshop, router: Option<&Router>, stocking: JoinHandle<()>) {
    workshop.close();
    if stocking.join().is_err() {
        tracing::error!("the thread that makes network namespaces ahead of use panicked");
    }
    if let Some(router) = router {
        router.leave_host();
    }
}

fn build(instance: &str, settings: &NetworkSettings) -> Result<Router, Missing> {
    if !credentials::may_administer() {
        return Err(missing(
            "the server has no privilege; run it as root".to_owned(),
        ));
    }
    if settings.allow.len() > NetworkSettings::MOST_ALLOWED {
        let most = NetworkSettings::MOST_ALLOWED;
        return Err(missing(format!("more than {most} networks are allowed")));
    }
    Router::build(instance, &settings.allow).map_err(|error| missing(error.to_string()))
}

/// Tries what else there is.
fn missing(reason: String) -> Missing {
    let empty = NetworkNamespace::create(|| Ok(())).is_ok();
    let left = if empty {
        vec![NetworkMode::None, NetworkMode::Host]
    } else {
        vec![NetworkMode::Host]
    };
    Missing { reason, left }
}

/// Waits for work that blocks.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}
