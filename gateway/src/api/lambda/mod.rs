//! Lambda's operations, one file each.

mod error;
mod invoke;
mod invoke_async;

crate::api::operations! {
    Invoke => invoke,
    InvokeAsync => invoke_async,
}
