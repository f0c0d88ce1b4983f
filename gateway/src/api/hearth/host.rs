//! `GET /hearth/host`: what `hearth doctor` prints, as the running server has it.

use serde_json::{Value, json};

use crate::api::Services;
use crate::host;

/// The host's facts, and since when the server runs.
pub(super) fn host(services: &Services) -> Value {
    let mut facts = json!(services.host);
    facts["startedAt"] = json!(services.started_ms);
    facts["storage"] = json!(host::storage(&services.host.data_folder));
    facts
}
