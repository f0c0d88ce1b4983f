//! `GET /hearth/code/{token}`: the package behind a function's `Code.Location`.

use bytes::Bytes;

use super::not_found;
use crate::api::Services;
use crate::protocol::AwsError;

/// The zip that `token` stands for.
pub(super) async fn get(token: &str, services: &Services) -> Result<Bytes, AwsError> {
    let zip = services.registry.code(token).await;
    zip.ok_or_else(|| not_found("the link has expired or never was".to_owned()))
}
