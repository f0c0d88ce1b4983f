//! Names for sandboxes: a relay from the router's address to the host's nameservers, which are often at addresses that sandboxes
//! must not reach.
//!
//! The listening sockets are in the router's namespace, those to the nameservers in the host's. Answers are passed on unread.
//! Everything is bounded: queries in flight, of one sandbox and of all, their sizes, and the time that each may take.

mod datagrams;
mod flights;
mod nameservers;
mod streams;

use std::io;
use std::net::{SocketAddr, SocketAddrV4, TcpListener, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::flights::Flights;
use self::nameservers::Nameservers;
use super::addresses::ROUTER;
use super::router::Router;

/// Where names are asked for.
pub(super) const PORT: u16 = 53;

/// How long one nameserver may take before the next is asked, as with glibc's resolver.
const NAMESERVER_LIMIT: Duration = Duration::from_secs(5);
/// The longest query; those of resolvers are far below.
const MOST_QUERY_BYTES: usize = 1232;
/// The longest answer: what the length of a message can say.
const MOST_ANSWER_BYTES: usize = 65_535;
/// A message's header, without which it is none.
const HEADER_BYTES: usize = 12;

/// The relay at work; its tasks end when it is stopped or dropped.
#[derive(Debug)]
pub(super) struct Relay {
    tasks: TaskTracker,
    end: CancellationToken,
}

/// What both ways of asking share.
struct Desk {
    nameservers: Nameservers,
    flights: Flights,
    tasks: TaskTracker,
    end: CancellationToken,
}

impl Relay {
    /// Listens in the router and serves from the host.
    pub(super) fn start(router: &Router) -> io::Result<Self> {
        let address = SocketAddrV4::new(ROUTER, PORT);
        let (datagrams, streams) = router.within(|| {
            let sockets = (UdpSocket::bind(address)?, TcpListener::bind(address)?);
            sockets.0.set_nonblocking(true)?;
            sockets.1.set_nonblocking(true)?;
            Ok(sockets)
        })?;
        let (tasks, end) = (TaskTracker::new(), CancellationToken::new());
        let desk = Arc::new(Desk {
            nameservers: Nameservers::of_host(),
            flights: Flights::default(),
            tasks: tasks.clone(),
            end: end.clone(),
        });
        let datagrams = tokio::net::UdpSocket::from_std(datagrams)?;
        let streams = tokio::net::TcpListener::from_std(streams)?;
        tasks.spawn(datagrams::serve(datagrams, Arc::clone(&desk)));
        tasks.spawn(streams::serve(streams, desk));
        tasks.close();
        Ok(Self { tasks, end })
    }

    /// Ends what is in flight.
    pub(super) async fn stop(&self) {
        self.end.cancel();
        self.tasks.wait().await;
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.end.cancel();
    }
}

impl Desk {
    /// The answer of the first nameserver that gives one to `ask`.
    async fn answer(
        &self,
        query: &[u8],
        ask: impl AsyncFn(SocketAddr, &[u8]) -> io::Result<Vec<u8>>,
    ) -> Vec<u8> {
        for nameserver in self.nameservers.present() {
            match timeout(NAMESERVER_LIMIT, ask(nameserver, query)).await {
                Ok(Ok(answer)) => return answer,
                Ok(Err(error)) => tracing::debug!(%error, %nameserver, "ask for a name"),
                Err(_) => tracing::debug!(%nameserver, "a nameserver does not answer"),
            }
        }
        failure(query)
    }

    /// Runs one query's task until it is done or the relay ends.
    fn spawn(&self, query: impl Future<Output = ()> + Send + 'static) {
        let end = self.end.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = query => {}
                () = end.cancelled() => {}
            }
        });
    }
}

/// The answer to a query that no nameserver answered: the query with "server failure" in its header.
fn failure(query: &[u8]) -> Vec<u8> {
    const RESPONSE: u8 = 0x80;
    const RECURSION_AVAILABLE: u8 = 0x80;
    const SERVER_FAILURE: u8 = 2;
    let mut answer = query.to_vec();
    if let Some([flags, code]) = answer.get_mut(2..4) {
        *flags |= RESPONSE;
        *code = RECURSION_AVAILABLE | SERVER_FAILURE;
    }
    answer
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_failure_repeats_the_query_and_says_so() {
        let query = [7, 8, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3];
        let answer = super::failure(&query);
        assert_eq!(answer[..4], [7, 8, 0x81, 0x82]);
        assert_eq!(answer[4..], query[4..]);
        assert_eq!(super::failure(&[1]), [1]);
    }
}
