//! invoker-worker
