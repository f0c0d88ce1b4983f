//! hearth.
