//! How an alias's weights travel, in requests that make and change one.

use std::collections::BTreeMap;

use serde::Deserialize;

/// `AliasRoutingConfiguration` of the model.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct RoutingConfig {
    /// Version → its share of the calls, 0.0–1.0.
    pub(super) additional_version_weights: BTreeMap<String, f64>,
}
