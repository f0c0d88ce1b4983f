//! Bytes ↔ typed values in each of AWS's wire protocols. Knows no operation.
//!
//! ```text
//! rest_json  Lambda                        path, query, headers, JSON body
//! aws_json   Logs 1.1, CloudWatch 1.0      X-Amz-Target, JSON body
//! rpc_cbor   CloudWatch of newer SDKs      CBOR body
//! query      CloudWatch of older SDKs, IAM, STS    form in, XML out
//! event_stream  StartLiveTail              events out, for as long as the client listens
//! ```
//! All of them turn a request into one form (members by their names in the model; blobs as base64 text, timestamps as epoch
//! seconds), which `constraint` holds against the model, and turn an output of that form back.

pub mod aws_json;
mod body;
pub mod compression;
pub mod constraint;
pub mod error;
pub mod event_stream;
pub mod model;
pub mod query;
pub mod rest_json;
pub mod rpc_cbor;
mod timestamp;
mod value;

use bytes::Bytes;
use serde_json::Value;

pub use body::Body;
pub use error::AwsError;

/// Values that a request may have. PutMetricData of 1,000 data, each with 150 values, their counts and 30 dimensions, has 400,000;
/// nothing else comes near.
const MAX_VALUES: usize = 500_000;

/// A decoded request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    /// Its members.
    pub members: Value,
    /// Its body, where the model says that a blob member is the payload.
    pub payload: Bytes,
}

/// What is to be encoded.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// Its members; `Null` for none.
    pub members: Value,
    /// Its body, where the model says that a blob member is the payload.
    pub payload: Option<Bytes>,
}

/// A request that cannot be read as what the model says, in Smithy's code.
fn unreadable(message: impl Into<String>) -> AwsError {
    AwsError::new("SerializationException", 400, message)
}
