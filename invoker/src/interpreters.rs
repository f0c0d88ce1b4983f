//! Finds the CPythons of the host.

use std::path::PathBuf;

use crate::Interpreter;

/// Finds `python3.9` … `python3.14`: first the `configured` executables, then `PATH`, Debian's, pyenv's and uv's folders. One per
/// version, the first found that answers; ordered by version.
pub async fn discover(_configured: &[PathBuf]) -> Vec<Interpreter> {
    todo!("pool")
}
