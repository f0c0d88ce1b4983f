//! How an invocation ended. A function's own failure is an `Outcome`, never an error of ours.

use std::time::Duration;

use bytes::Bytes;

/// The end of one invocation, with what it used.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How it ended.
    pub ending: Ending,
    /// What it used.
    pub usage: Usage,
    /// Id of the sandbox that served it (a UUID).
    pub sandbox: String,
}

/// The ways an invocation can end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The handler returned; its result as JSON.
    Returned(Bytes),
    /// The handler raised, or its result was no JSON: the error document (`errorType`, `errorMessage`, `requestId`, `stackTrace`).
    HandlerFailed(Bytes),
    /// The module could not be imported or has no such handler: the error document.
    InitFailed(Bytes),
    /// The result is larger than the bound.
    ResponseTooLarge {
        /// Size of the result.
        bytes: u64,
    },
    /// The deadline passed; every process of the sandbox was killed.
    TimedOut,
    /// The process ended by itself before it answered.
    Exited(ExitStatus),
    /// The kernel killed it at its memory limit.
    OutOfMemory,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// It exited with this code.
    Code(i32),
    /// This signal killed it.
    Signal(i32),
}

/// What one invocation used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// The handler's own time, from sending the event to the answer (or the end).
    pub duration: Duration,
    /// Present when this call started its sandbox.
    pub cold_start: Option<ColdStart>,
    /// The sandbox's memory high-water mark, bytes, as the kernel counted it (cgroup, else the process's own peak).
    pub max_memory_bytes: u64,
    /// Time that the call waited for a sandbox: for an idle one, or for memory and a place to start its own.
    pub queued: Duration,
}

/// A sandbox was started for this call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColdStart {
    /// Time to take a sandbox that was made ahead, or to make one (and to boot its zygote, where none waited), before the import began.
    pub start: Duration,
    /// Time to import the user's module, or to restore the image of a process that had.
    pub init: Duration,
    /// Why no warm sandbox served the call.
    pub reason: ColdStartReason,
    /// How the sandbox came to be.
    pub path: StartPath,
}

/// How a sandbox came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StartPath {
    /// One that had been made ahead became the function's.
    PoolHit,
    /// None was left, and it was made while the call waited.
    PoolMiss,
    /// It went on from the image of another sandbox of the function, instead of importing its module.
    Snapshot,
}

/// Why no warm sandbox served a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColdStartReason {
    /// The function was never called since the server started.
    First,
    /// All its sandboxes were busy.
    ScaleOut,
    /// Its last sandbox had idled longer than the keep-alive.
    Expired,
    /// Its last sandbox made room for another function's.
    Evicted,
    /// Its code changed.
    CodeChanged,
    /// Its configuration changed.
    ConfigurationChanged,
    /// Its last sandbox was told to go.
    Retired,
    /// Its last sandbox crashed, timed out or ran out of memory.
    Crashed,
}
