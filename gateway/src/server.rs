//! The HTTP server: the accept loop, the limits of a connection and of a body, and the graceful close.
//!
//! Every connection is one task; a bound on them holds back `accept`, a bound on the bytes of bodies holds back reading.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{CONNECTION, HeaderValue};
use http::{Request, Response};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_util::sync::CancellationToken;

use crate::dispatch::{Dispatcher, Opened};
use crate::protocol::compression::{self, InflateError};
use crate::protocol::{AwsError, Body};

/// Connections at the same time; further ones wait to be accepted.
const MAX_CONNECTIONS: usize = 8_192;
/// The largest request: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>, as AWS's message tells it.
const MAX_REQUEST_BYTES: usize = 70_167_211;
/// Of a request that is too large, this much is read and thrown away, so that the client gets to read why.
const MAX_DRAINED_BYTES: usize = 512 << 20;
/// The sum of large bodies being read or worked on, KiB.
const BODY_BUDGET_KIB: usize = 768 << 10;
/// Bodies up to this size are not counted: connections bound them.
const SMALL_BODY_BYTES: usize = 64 << 10;
/// How long a head may take to come.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long the next piece of a body may take to come.
const BODY_TIMEOUT: Duration = Duration::from_secs(60);
/// Pause after `accept` failed, for want of descriptors most likely.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves requests.
pub struct Server {
    dispatcher: Dispatcher,
    bodies: Semaphore,
}

/// Why a body was not read.
enum BodyError {
    TooLarge,
    /// It is not gzip, as it says.
    Uninflatable(String),
    /// The client went away, or sent nothing for too long.
    Broken,
}

impl Server {
    /// A server in front of `dispatcher`.
    pub fn new(dispatcher: Dispatcher) -> Arc<Self> {
        Arc::new(Self {
            dispatcher,
            bodies: Semaphore::new(BODY_BUDGET_KIB),
        })
    }

    /// Accepts connections until `closing`, then lets running requests end, at most for `grace`.
    pub async fn serve(
        self: Arc<Self>,
        listener: TcpListener,
        closing: CancellationToken,
        grace: Duration,
    ) {
        let connections = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        let graceful = GracefulShutdown::new();
        loop {
            let place = tokio::select! {
                () = closing.cancelled() => break,
                place = Arc::clone(&connections).acquire_owned() => place,
            };
            let place = place.expect("the semaphore is never closed");
            let accepted = tokio::select! {
                () = closing.cancelled() => break,
                accepted = listener.accept() => accepted,
            };
            let stream = match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "accept a connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            };
            let connection = graceful.watch(Arc::clone(&self).connection(stream));
            tokio::spawn(async move {
                // A client that breaks off is nothing to report.
                let _ = connection.await;
                drop(place);
            });
        }
        drop(listener);
        if tokio::time::timeout(grace, graceful.shutdown())
            .await
            .is_err()
        {
            tracing::info!("connections were still open after the grace period");
        }
    }

    fn connection(
        self: Arc<Self>,
        stream: TcpStream,
    ) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> {
        // An answer is one segment; waiting to fill another only delays it.
        let _ = stream.set_nodelay(true);
        let service = service_fn(move |request| {
            let server = Arc::clone(&self);
            async move { Ok::<_, Infallible>(server.respond(request).await) }
        });
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .serve_connection(TokioIo::new(stream), service)
    }

    async fn respond(&self, request: Request<Incoming>) -> Response<Body> {
        let (parts, mut body) = request.into_parts();
        let opened = match self.dispatcher.open(parts) {
            Ok(opened) => opened,
            Err(refusal) => {
                drain(&mut body).await;
                return refusal.map(Body::from);
            }
        };
        let is_compressed = opened.is_compressed();
        let mut room = self.room(&body, is_compressed).await;
        let read = match read(&mut body).await {
            Ok(compressed) if is_compressed => inflate(&compressed),
            read => read,
        };
        match read {
            Ok(bytes) => {
                give_back(&mut room, bytes.len());
                self.dispatcher.answer(opened, bytes).await
            }
            Err(error) => {
                drain(&mut body).await;
                refuse(opened, error).map(Body::from)
            }
        }
    }

    /// Waits until there is room for a body's bytes, and for what they can become where they are compressed.
    async fn room(&self, body: &Incoming, is_compressed: bool) -> Option<SemaphorePermit<'_>> {
        let hint = body.size_hint();
        let most = hint.upper().map_or(MAX_REQUEST_BYTES, |upper| {
            usize::try_from(upper).unwrap_or(MAX_REQUEST_BYTES)
        });
        let mut most = most.min(MAX_REQUEST_BYTES);
        if is_compressed {
            most += most
                .saturating_mul(compression::MAX_GROWTH)
                .min(MAX_REQUEST_BYTES);
        }
        if most <= SMALL_BODY_BYTES {
            return None;
        }
        let kib = u32::try_from(most.div_ceil(1024)).unwrap_or(u32::MAX);
        let room = self.bodies.acquire_many(kib).await;
        Some(room.expect("the semaphore is never closed"))
    }
}

async fn read(body: &mut Incoming) -> Result<Bytes, BodyError> {
    if body.size_hint().lower() > MAX_REQUEST_BYTES as u64 {
        return Err(BodyError::TooLarge);
    }
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while let Some(piece) = next(body).await? {
        if first.len() + rest.len() + piece.len() > MAX_REQUEST_BYTES {
            return Err(BodyError::TooLarge);
        }
        // Most bodies are one piece, which needs no copy.
        if first.is_empty() && rest.is_empty() {
            first = piece;
            continue;
        }
        if rest.is_empty() {
            let expected = usize::try_from(body.size_hint().lower()).unwrap_or(0);
            rest.reserve(first.len() + piece.len() + expected.min(MAX_REQUEST_BYTES));
            rest.extend_from_slice(&first);
            first = Bytes::new();
        }
        rest.extend_from_slice(&piece);
    }
    Ok(if rest.is_empty() {
        first
    } else {
        rest.freeze()
    })
}

/// The body that was compressed.
fn inflate(compressed: &[u8]) -> Result<Bytes, BodyError> {
    match compression::inflate(compressed, MAX_REQUEST_BYTES) {
        Ok(bytes) => Ok(bytes.into()),
        Err(InflateError::TooLarge) => Err(BodyError::TooLarge),
        Err(error @ InflateError::Broken(_)) => Err(BodyError::Uninflatable(error.to_string())),
    }
}

/// Gives back the room that a body, once it is there, turns out not to need.
fn give_back(room: &mut Option<SemaphorePermit<'_>>, body_bytes: usize) {
    if let Some(room) = room {
        let unused = room.num_permits().saturating_sub(body_bytes.div_ceil(1024));
        drop(room.split(unused));
    }
}

/// The next piece of a body; `None` at its end.
async fn next(body: &mut Incoming) -> Result<Option<Bytes>, BodyError> {
    loop {
        let frame = tokio::time::timeout(BODY_TIMEOUT, body.frame()).await;
        match frame {
            Ok(None) => return Ok(None),
            Ok(Some(Ok(frame))) => {
                if let Ok(data) = frame.into_data()
                    && !data.is_empty()
                {
                    return Ok(Some(data));
                }
            }
            Ok(Some(Err(_))) | Err(_) => return Err(BodyError::Broken),
        }
    }
}

/// Throws a body away: a client that is still sending would never read the answer.
async fn drain(body: &mut Incoming) {
    let mut drained = 0;
    while let Ok(Some(piece)) = next(body).await {
        drained += piece.len();
        if drained > MAX_DRAINED_BYTES {
            return;
        }
    }
}

fn refuse(opened: Opened, error: BodyError) -> Response<Bytes> {
    let error = match error {
        BodyError::TooLarge => {
            let message = format!(
                "Request must be smaller than {MAX_REQUEST_BYTES} bytes for the {} operation",
                opened.name()
            );
            AwsError::new("RequestEntityTooLargeException", 413, message)
        }
        BodyError::Uninflatable(message) => AwsError::new("SerializationException", 400, message),
        BodyError::Broken => AwsError::new(
            "RequestTimeoutException",
            408,
            "the body did not come to its end",
        ),
    };
    let mut response = opened.refuse(error);
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(CONNECTION, close);
    response
}
