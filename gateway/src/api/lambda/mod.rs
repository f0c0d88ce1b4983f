//! Lambda's operations, one file each.

mod add_permission;
mod code;
mod create_alias;
mod create_function;
mod delete_alias;
mod delete_function;
mod delete_function_concurrency;
mod error;
mod get_account_settings;
mod get_alias;
mod get_function;
mod get_function_concurrency;
mod get_function_configuration;
mod get_policy;
pub(in crate::api) mod invoke;
mod invoke_async;
mod list_aliases;
mod list_functions;
mod list_tags;
mod list_versions_by_function;
mod page;
mod publish_version;
mod put_function_concurrency;
mod remove_permission;
mod routing;
mod tag_resource;
mod untag_resource;
mod update_alias;
mod update_function_code;
mod update_function_configuration;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::protocol::AwsError;

crate::api::operations! {
    AddPermission => add_permission,
    CreateAlias => create_alias,
    CreateFunction => create_function,
    DeleteAlias => delete_alias,
    DeleteFunction => delete_function,
    DeleteFunctionConcurrency => delete_function_concurrency,
    GetAccountSettings => get_account_settings,
    GetAlias => get_alias,
    GetFunction => get_function,
    GetFunctionConcurrency => get_function_concurrency,
    GetFunctionConfiguration => get_function_configuration,
    GetPolicy => get_policy,
    Invoke => invoke,
    InvokeAsync => invoke_async,
    ListAliases => list_aliases,
    ListFunctions => list_functions,
    ListTags => list_tags,
    ListVersionsByFunction => list_versions_by_function,
    PublishVersion => publish_version,
    PutFunctionConcurrency => put_function_concurrency,
    RemovePermission => remove_permission,
    TagResource => tag_resource,
    UntagResource => untag_resource,
    UpdateAlias => update_alias,
    UpdateFunctionCode => update_function_code,
    UpdateFunctionConfiguration => update_function_configuration,
}

/// An input as an operation's own type without a copy: it may hold a package of 70 MB.
fn moved<T: DeserializeOwned>(input: Value) -> Result<T, AwsError> {
    serde_json::from_value(input)
        .map_err(|error| AwsError::new("SerializationException", 400, error.to_string()))
}

/// Refuses `PublishTo`, which belongs to capacity providers.
fn no_latest_published(publish_to: Option<&str>) -> Result<(), AwsError> {
    if publish_to.is_none() {
        return Ok(());
    }
    Err(AwsError::new(
        "InvalidParameterValueException",
        400,
        "PublishTo is only supported for functions with a capacity provider.",
    )
    .with("Type", "User"))
}
