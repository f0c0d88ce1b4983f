//! Function templates, embedded.

/// One template.
#[derive(Debug)]
pub struct Blueprint {
    /// Its id, such as `hello-world-python`.
    pub id: &'static str,
    /// For people.
    pub name: &'static str,
    /// One or two sentences.
    pub description: &'static str,
    /// The runtime that it was written for.
    pub runtime: &'static str,
    /// `module.function`.
    pub handler: &'static str,
    /// Whether its `requirements.txt` is resolved at deploy.
    pub requirements: bool,
    /// Path in the package and content.
    pub files: Vec<(&'static str, &'static [u8])>,
    /// Name of a sample event and its JSON.
    pub events: Vec<(&'static str, &'static str)>,
}

/// Every blueprint, ordered by id.
pub fn all() -> &'static [Blueprint] {
    todo!("blueprints")
}

/// The blueprint with this id.
pub fn find(_id: &str) -> Option<&'static Blueprint> {
    todo!("blueprints")
}

/// Sample events that belong to no one blueprint: name and JSON.
pub fn sample_events() -> &'static [(&'static str, &'static str)] {
    todo!("blueprints")
}
