//! Queries by TCP, for answers that fit no datagram: each message after its length, one after the other.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::{Desk, HEADER_BYTES, MOST_QUERY_BYTES};

/// How long a connection may last.
const CONNECTION_LIMIT: Duration = Duration::from_secs(30);
/// The most queries on a connection.
const MOST_QUERIES: usize = 64;
/// How long to rest when no connection can be taken (out of descriptors, say).
const REST_AFTER_FAULT: Duration = Duration::from_millis(100);

/// Serves until the relay ends.
pub(super) async fn serve(listener: TcpListener, desk: Arc<Desk>) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = desk.end.cancelled() => return,
        };
        match accepted {
            Ok((stream, sender)) => accept(stream, sender, &desk),
            Err(error) => {
                tracing::debug!(%error, "take a connection that asks for names");
                tokio::time::sleep(REST_AFTER_FAULT).await;
            }
        }
    }
}

/// Starts on a connection, unless there are too many: then it is closed.
fn accept(stream: TcpStream, sender: SocketAddr, desk: &Arc<Desk>) {
    let Some(flight) = desk.flights.begin(sender.ip()) else {
        tracing::debug!(%sender, "too many queries for names in flight");
        return;
    };
    let serving = Arc::clone(desk);
    desk.spawn(async move {
        match timeout(CONNECTION_LIMIT, converse(stream, &serving)).await {
            Ok(Ok(())) | Err(_) => {}
            Ok(Err(error)) => tracing::debug!(%error, %sender, "a connection that asks for names"),
        }
        drop(flight);
    });
}

async fn converse(mut stream: TcpStream, desk: &Desk) -> io::Result<()> {
    for _ in 0..MOST_QUERIES {
        let Some(query) = read_message(&mut stream, MOST_QUERY_BYTES).await? else {
            return Ok(());
        };
        let answer = desk.answer(&query, ask).await;
        write_message(&mut stream, &answer).await?;
    }
    Ok(())
}

async fn ask(nameserver: SocketAddr, query: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(nameserver).await?;
    write_message(&mut stream, query).await?;
    read_message(&mut stream, usize::from(u16::MAX))
        .await?
        .ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// The next message; `None` at the end of the stream.
async fn read_message(stream: &mut TcpStream, most_bytes: usize) -> io::Result<Option<Vec<u8>>> {
    let length = match stream.read_u16().await {
        Ok(length) => usize::from(length),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    };
    if !(HEADER_BYTES..=most_bytes).contains(&length) {
        return Err(io::Error::other(format!("a message of {length} bytes")));
    }
    let mut message = vec![0; length];
    stream.read_exact(&mut message).await?;
    Ok(Some(message))
}

async fn write_message(stream: &mut TcpStream, message: &[u8]) -> io::Result<()> {
    let length = u16::try_from(message.len())
        .map_err(|_| io::Error::other("a message of more than 65,535 bytes"))?;
    let mut framed = length.to_be_bytes().to_vec();
    framed.extend_from_slice(message);
    stream.write_all(&framed).await
}
