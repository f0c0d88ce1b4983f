//! `GET /hearth/blueprints`, `/hearth/blueprints/{id}` and `/hearth/events`.

use serde_json::{Map, Value, json};

use super::not_found;
use crate::protocol::AwsError;

/// Every blueprint, without its code.
pub(super) fn list() -> Value {
    let all: Vec<Value> = blueprints::all().iter().map(summary).collect();
    json!({ "blueprints": all })
}

/// One blueprint with its code and events.
pub(super) fn get(id: &str) -> Result<Value, AwsError> {
    let blueprint =
        blueprints::find(id).ok_or_else(|| not_found(format!("Blueprint not found: {id}")))?;
    let files: Map<String, Value> = blueprint
        .files
        .iter()
        .map(|(path, bytes)| (path.to_string(), json!(String::from_utf8_lossy(bytes))))
        .collect();
    let events: Map<String, Value> = blueprint
        .events
        .iter()
        .map(|(name, text)| (name.to_string(), event(text)))
        .collect();
    let mut value = summary(blueprint);
    value["files"] = Value::Object(files);
    value["events"] = Value::Object(events);
    Ok(value)
}

/// Sample events that belong to no one blueprint.
pub(super) fn events() -> Value {
    let events: Map<String, Value> = blueprints::sample_events()
        .iter()
        .map(|(name, text)| (name.to_string(), event(text)))
        .collect();
    json!({ "events": events })
}

fn summary(blueprint: &blueprints::Blueprint) -> Value {
    json!({
        "id": blueprint.id,
        "name": blueprint.name,
        "description": blueprint.description,
        "tags": blueprint.tags,
        "runtime": blueprint.runtime,
        "handler": blueprint.handler,
        "requirements": blueprint.requirements,
        "configuration": {
            "timeoutSeconds": blueprint.configuration.timeout_seconds,
            "memoryMib": blueprint.configuration.memory_mib,
            "environment": blueprint.configuration.environment,
        },
    })
}

fn event(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}
