//! invoker-wire
