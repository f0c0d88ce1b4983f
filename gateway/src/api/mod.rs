//! One AWS operation per file: its input, its output, and `handle`. The only place that knows both HTTP and the domain.

pub mod hearth;
pub mod identity;
pub mod lambda;
pub mod logs;
pub mod metrics;

use std::sync::Arc;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::auth::Identity;
use crate::protocol::AwsError;
use crate::protocol::event_stream::EventStream;

/// One call of an AWS operation, held against the service model already, in whichever protocol it came.
#[derive(Clone, Debug)]
pub struct Call {
    /// Who calls.
    pub identity: Identity,
    /// The input's members by their names in the model. Blobs are base64 text, timestamps are epoch seconds (number).
    pub input: Value,
    /// The body, where the model says that a blob member is the payload (Invoke).
    pub payload: Bytes,
    /// The request id that the answer carries (UUID); Invoke's is the invocation's own.
    pub request_id: String,
    /// `http://host:port` as the client named it, for links in answers.
    pub endpoint: String,
    /// The caller's `X-Amzn-Trace-Id`.
    pub trace_id: Option<String>,
}

impl Call {
    /// The input as an operation's own type.
    ///
    /// # Errors
    /// `SerializationException` when a member has another type than the model's.
    pub fn input<T: DeserializeOwned>(&self) -> Result<T, AwsError> {
        T::deserialize(&self.input)
            .map_err(|error| AwsError::new("SerializationException", 400, error.to_string()))
    }
}

/// The answer to a call. The protocol layer puts members where the model says (body, header, status).
#[derive(Default)]
pub struct Reply {
    /// The output's members by their names in the model; `Null` for an empty body. Same conventions as [`Call::input`].
    pub output: Value,
    /// The body, where the model says that a blob member is the payload.
    pub payload: Option<Bytes>,
    /// The events that follow, where the model says that the output is a stream of them.
    pub events: Option<EventStream>,
}

impl Reply {
    /// An answer with these members.
    pub fn of(output: impl serde::Serialize) -> Self {
        Self {
            output: serde_json::to_value(output)
                .expect("output shapes serialise: string keys, finite numbers"),
            ..Self::default()
        }
    }

    /// An answer that goes on with these events.
    pub fn streaming(events: EventStream) -> Self {
        Self {
            events: Some(events),
            ..Self::default()
        }
    }

    /// An answer with no body.
    pub fn empty() -> Self {
        Self::default()
    }
}

/// Declares the operations that a service's folder answers: one row, one file with
/// `pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError>`.
macro_rules! operations {
    ($($name:ident => $module:ident),* $(,)?) => {
        /// The operations of this service that hearth answers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Operation {
            $(#[doc = stringify!($name)] $name,)*
        }

        impl Operation {
            /// The operation with this name in the service model.
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $(stringify!($name) => Some(Self::$name),)*
                    _ => None,
                }
            }

            /// Answers a call.
            ///
            /// # Errors
            /// The operation's own, in AWS's codes.
            pub async fn handle(
                self,
                call: $crate::api::Call,
                services: &$crate::api::Services,
            ) -> Result<$crate::api::Reply, $crate::protocol::AwsError> {
                match self {
                    $(Self::$name => $module::handle(call, services).await,)*
                }
            }
        }
    };
}
pub(crate) use operations;

/// What every operation may use.
pub struct Services {
    /// Deployed functions.
    pub registry: Arc<crate::function::Registry>,
    /// Runs invocations.
    pub runner: Arc<crate::invocation::Runner>,
    /// Log groups, streams and events.
    pub logs: Arc<crate::log::Logs>,
    /// Metric series.
    pub metrics: Arc<crate::metric::Metrics>,
    /// Invocation records.
    pub records: Arc<crate::record::Records>,
    /// Runs sandboxes: what it found, and what is warm.
    pub invoker: Arc<invoker::Invoker>,
    /// Documents that have no module of their own (roles).
    pub store: crate::store::Store,
    /// What the host gives.
    pub host: crate::host::Host,
    /// When the server started, milliseconds since the epoch.
    pub started_ms: i64,
    /// Time.
    pub clock: crate::clock::Clock,
}
