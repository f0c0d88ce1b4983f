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

impl AwsError {
    /// An error whose body carries a lowercase `message` alone.
    pub fn new(code: &'static str, status: u16, message: impl Into<String>) -> Self {
        Self {
            code,
            status,
            message: message.into(),
            message_member: "message",
            members: Map::new(),
        }
    }

    /// The same with the message under `Message`.
    #[must_use]
    pub fn capital_message(mut self) -> Self {
        self.message_member = "Message";
        self
    }

    /// The same with one more member.
    #[must_use]
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.members.insert(member.to_owned(), value.into());
        self
    }
}
