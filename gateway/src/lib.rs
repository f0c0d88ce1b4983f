//! The gateway speaks AWS: it turns an AWS request into an [`invoker::Invocation`], and an [`invoker::Outcome`] into an
//! AWS response, log lines and metrics.
//!
//! ```text
//! main → cli → server → router → api ─┬→ invocation ─→ function ─→ store
//!                                     ├→ log ────────────────────→ store
//!                                     ├→ metric ─────────────────→ store
//!                                     ├→ record ─────→ function ─→ store
//!                                     └→ protocol
//! ```
//! A lower layer never names a higher one. `protocol` and `store` know no domain type; `function`, `log`, `metric` and
//! `record` know no HTTP; `api` alone knows both.

pub mod api;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod console;
pub mod dispatch;
pub mod function;
pub mod host;
pub mod invocation;
pub mod log;
pub mod metric;
pub mod protocol;
pub mod record;
pub mod router;
pub mod server;
pub mod shutdown;
pub mod store;
