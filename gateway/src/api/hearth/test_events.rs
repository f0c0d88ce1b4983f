//! `/hearth/functions/{name}/test-events`: the events that a user keeps to call a function with by hand.

use serde_json::{Value, json};

use crate::api::Services;
use crate::api::lambda::invoke::check_json;
use crate::auth::Identity;
use crate::function::TestEvent;
use crate::protocol::AwsError;

/// All of a function's, by name.
pub(super) async fn list(
    identity: &Identity,
    function: &str,
    services: &Services,
) -> Result<Value, AwsError> {
    let events = services.registry.test_events(identity, function).await?;
    let events: Vec<Value> = events.into_iter().map(shown).collect();
    Ok(json!({ "events": events }))
}

/// Saves `body` under `name`; answers what was saved.
pub(super) async fn put(
    identity: &Identity,
    function: &str,
    name: &str,
    body: &[u8],
    services: &Services,
) -> Result<Value, AwsError> {
    check_json(body)?;
    let event = String::from_utf8_lossy(body).into_owned();
    let registry = &services.registry;
    let saved = registry.put_test_event(identity, function, name, event);
    Ok(shown(saved.await?))
}

/// Deletes one.
pub(super) async fn delete(
    identity: &Identity,
    function: &str,
    name: &str,
    services: &Services,
) -> Result<Value, AwsError> {
    let registry = &services.registry;
    registry.delete_test_event(identity, function, name).await?;
    Ok(json!({}))
}

fn shown(event: TestEvent) -> Value {
    json!({ "name": event.name, "event": event.event, "modifiedAt": event.modified_ms })
}
