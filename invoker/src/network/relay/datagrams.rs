//! Queries by UDP: each is one task with a socket of its own, so that its port is as hard to guess as its number.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::UdpSocket;

use super::{Desk, HEADER_BYTES, MOST_ANSWER_BYTES, MOST_QUERY_BYTES};

/// How long to rest when the socket fails, so that a lasting fault does not take a whole core.
const REST_AFTER_FAULT: Duration = Duration::from_millis(100);

/// Serves until the relay ends.
pub(super) async fn serve(socket: UdpSocket, desk: Arc<Desk>) {
    let socket = Arc::new(socket);
    // One byte more than a query may have tells one that is cut short.
    let mut buffer = vec![0; MOST_QUERY_BYTES + 1];
    loop {
        let received = tokio::select! {
            received = socket.recv_from(&mut buffer) => received,
            () = desk.end.cancelled() => return,
        };
        match received {
            Ok((length, sender)) => accept(&socket, &desk, &buffer[..length], sender),
            Err(error) => {
                tracing::debug!(%error, "receive a query for a name");
                tokio::time::sleep(REST_AFTER_FAULT).await;
            }
        }
    }
}

/// Starts on a query; one too many or of a wrong size is dropped: its sender asks again, or has an end of it.
fn accept(socket: &Arc<UdpSocket>, desk: &Arc<Desk>, query: &[u8], sender: SocketAddr) {
    if !(HEADER_BYTES..=MOST_QUERY_BYTES).contains(&query.len()) {
        return;
    }
    let Some(flight) = desk.flights.begin(sender.ip()) else {
        tracing::debug!(%sender, "too many queries for names in flight");
        return;
    };
    let (socket, query) = (Arc::clone(socket), query.to_vec());
    let asking = Arc::clone(desk);
    desk.spawn(async move {
        let answer = asking.answer(&query, ask).await;
        if let Err(error) = socket.send_to(&answer, sender).await {
            tracing::debug!(%error, %sender, "answer a query for a name");
        }
        drop(flight);
    });
}

async fn ask(nameserver: SocketAddr, query: &[u8]) -> io::Result<Vec<u8>> {
    let any: SocketAddr = match nameserver {
        SocketAddr::V4(_) => ([0, 0, 0, 0], 0).into(),
        SocketAddr::V6(_) => ([0_u16; 8], 0).into(),
    };
    let socket = UdpSocket::bind(any).await?;
    // Connected: only what this nameserver sends is received.
    socket.connect(nameserver).await?;
    socket.send(query).await?;
    let mut answer = vec![0; MOST_ANSWER_BYTES];
    loop {
        let length = socket.recv(&mut answer).await?;
        if length >= HEADER_BYTES && answer[..2] == query[..2] {
            answer.truncate(length);
            return Ok(answer);
        }
    }
}
