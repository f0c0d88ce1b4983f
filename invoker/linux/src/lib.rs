//! invoker-linux
