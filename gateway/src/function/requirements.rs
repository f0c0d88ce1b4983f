//! Resolves a package's requirements into content-addressed folders, from wheels only, by uv or else pip on the host.

use std::path::PathBuf;

use invoker::Interpreter;

/// Why requirements could not be resolved.
#[derive(Debug, thiserror::Error)]
pub enum RequirementsError {
    /// The resolver said no; its own words.
    #[error("{0}")]
    Resolver(String),
    /// Neither uv nor pip is on the host, or the folder cannot be written.
    #[error("{0}")]
    Host(String),
}

/// Resolved sets of requirements, one folder for each, shared by all functions with the same set.
pub struct Requirements;

impl Requirements {
    /// Keeps them under `folder`.
    pub fn new(_folder: PathBuf) -> Self {
        todo!("pool")
    }

    /// The folder that holds what `requirements` (the text of a `requirements.txt`) asks for, resolved when it is not there yet.
    ///
    /// # Errors
    /// The resolver's own reason.
    pub async fn resolve(
        &self,
        _interpreter: &Interpreter,
        _requirements: &str,
    ) -> Result<PathBuf, RequirementsError> {
        todo!("pool")
    }
}
