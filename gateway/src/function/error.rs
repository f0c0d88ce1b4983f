//! Why the registry refuses, in AWS's own words; `api` gives each its code.

use crate::store::StoreError;

/// Why the registry refuses.
#[derive(Debug, thiserror::Error)]
pub enum FunctionError {
    /// No such function, version or alias.
    #[error("Function not found: {arn}")]
    NotFound {
        /// As the caller named it, in full.
        arn: String,
    },
    /// No such alias, where only an alias would do.
    #[error("Cannot find alias arn: {arn}")]
    AliasNotFound {
        /// The alias's ARN.
        arn: String,
    },
    /// Something that belongs to a function (or another resource) is not there; AWS's whole sentence.
    #[error("{0}")]
    Missing(String),
    /// The code signing configuration of a request does not exist: hearth has none.
    #[error(
        "The code signing configuration cannot be found. Check that the provided configuration is not deleted: {arn}."
    )]
    CodeSigningConfigMissing {
        /// As the caller named it.
        arn: String,
    },
    /// The reference names another region than the caller's.
    #[error("Functions from '{theirs}' are not reachable in this region ('{ours}')")]
    OtherRegion {
        /// The reference's.
        theirs: String,
        /// The caller's.
        ours: String,
    },
    /// The reference names another account than the caller's.
    #[error(
        "User: arn:aws:iam::{account}:root is not authorized to perform this action on resource: {arn} because no resource-based policy allows it"
    )]
    OtherAccount {
        /// The caller's.
        account: String,
        /// What it asked for.
        arn: String,
    },
    /// A function has the name already.
    #[error("Function already exist: {name}")]
    Exists {
        /// The bare name.
        name: String,
    },
    /// An update is being deployed.
    #[error(
        "The operation cannot be performed at this time. An update is in progress for resource: {arn}"
    )]
    UpdateInProgress {
        /// The function's.
        arn: String,
    },
    /// The version takes no invocations and no changes in its state.
    #[error(
        "The operation cannot be performed at this time. The function is currently in the following state: {state}"
    )]
    NotReady {
        /// `Pending` or `Failed`.
        state: &'static str,
    },
    /// What is asked for stands against what is there; AWS's whole sentence.
    #[error("{0}")]
    Conflict(String),
    /// The caller's `RevisionId` is not the present one.
    #[error(
        "The Revision Id provided does not match the latest Revision Id. Call the {operations} API to retrieve the latest Revision Id"
    )]
    StaleRevision {
        /// Where to get the present one.
        operations: &'static str,
    },
    /// A member's value cannot be used; AWS's whole sentence.
    #[error("{0}")]
    Invalid(String),
    /// A member's value breaks a constraint that AWS answers as a validation error.
    #[error("1 validation error detected: {0}")]
    Validation(String),
    /// The package is larger than [`ZIPPED_BYTES`](super::limits::ZIPPED_BYTES).
    #[error(
        "Zipped size must be smaller than {} bytes",
        super::limits::ZIPPED_BYTES
    )]
    PackageTooLarge,
    /// A saved test event is larger than [`TEST_EVENT_BYTES`](super::limits::TEST_EVENT_BYTES).
    #[error(
        "{bytes} byte test event is too large (limit {} bytes)",
        super::limits::TEST_EVENT_BYTES
    )]
    TestEventTooLarge {
        /// Its size.
        bytes: usize,
    },
    /// The resource policy would be larger than [`POLICY_BYTES`](super::limits::POLICY_BYTES).
    #[error(
        "The final policy size ({bytes}) is bigger than the limit ({}).",
        super::limits::POLICY_BYTES
    )]
    PolicyTooLarge {
        /// What it would be.
        bytes: usize,
    },
    /// A deploy that the caller waited for failed; nothing of it is left.
    #[error("{reason}")]
    DeployFailed {
        /// The deploy's own.
        reason: String,
    },
    /// The disk refused to take the package.
    #[error("{action}: {reason}")]
    Disk {
        /// What was tried, verb and noun.
        action: &'static str,
        /// What the system said.
        reason: String,
    },
    /// The store could not do its work.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored function is not readable by this version of hearth.
    #[error("read the stored function {key}: {reason}")]
    Unreadable {
        /// The document's key.
        key: String,
        /// What is wrong.
        reason: String,
    },
    /// The task that made the change ended before its answer.
    #[error("the change was interrupted: {0}")]
    Interrupted(String),
}
