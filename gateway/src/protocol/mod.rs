//! Bytes ↔ typed values in each of AWS's wire protocols. Knows no operation.

pub mod error;

pub use error::AwsError;
