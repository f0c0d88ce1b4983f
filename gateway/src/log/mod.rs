//! Log groups, streams and events.

/// Log groups, streams and events of every account.
pub struct Logs;
