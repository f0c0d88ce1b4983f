//! Function templates.
