//! An error as AWS answers it; each protocol writes it in its own form.

use serde_json::{Map, Value};

/// An error answer: code, status, message and further members of its body (`Type`, `Reason`).
#[derive(Clone, Debug, PartialEq)]
pub struct AwsError {
    /// Such as `ResourceNotFoundException`.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// For the user to read.
    pub message: String,
    /// The member that carries the message on the wire: `Message` or `message`.
    pub message_member: &'static str,
    /// Members beside the message.
    pub members: Map<String, Value>,
}
