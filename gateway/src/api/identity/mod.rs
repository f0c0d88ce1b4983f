//! IAM and STS, to the small extent that deploy tools call them. Roles are kept, not enforced: a role that nobody created is accepted.

pub mod iam;
pub mod sts;
