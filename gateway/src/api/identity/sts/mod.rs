//! STS's operations, one file each.

mod assume_role;
mod get_caller_identity;

crate::api::operations! {
    AssumeRole => assume_role,
    GetCallerIdentity => get_caller_identity,
}
