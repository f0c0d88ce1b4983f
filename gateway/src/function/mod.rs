//! What a function is: names, versions, aliases, packages, limits, and the registry that holds them.

/// Every deployed function, in memory, written through to the store.
pub struct Registry;
