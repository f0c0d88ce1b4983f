//! An answer's body: bytes that are there, or events that come as long as the client listens.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::{Frame, SizeHint};

use super::event_stream::EventStream;

/// An answer's body.
pub enum Body {
    /// All of it.
    Whole(Full<Bytes>),
    /// Events, each sent when it comes. When the client hangs up, the stream is dropped.
    Events(EventStream),
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::Whole(Full::new(bytes))
    }
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.get_mut() {
            Self::Whole(bytes) => Pin::new(bytes).poll_frame(context),
            Self::Events(events) => {
                let event = std::task::ready!(events.as_mut().poll_next(context));
                Poll::Ready(event.map(|event| Ok(Frame::data(event.encode()))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(bytes) => bytes.is_end_stream(),
            Self::Events(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => bytes.size_hint(),
            Self::Events(_) => SizeHint::default(),
        }
    }
}
