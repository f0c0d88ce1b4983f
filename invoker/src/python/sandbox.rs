//! One Python sandbox: turns what its process says into endings.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use bytes::Bytes;
use invoker_wire::{FromSandbox, InvokeHeader, ToSandbox};

use super::images::Images;
use super::process::{Libraries, Process, Turn};
use crate::sandbox::{MemoryGauge, Sandbox};
use crate::{Ending, ExitStatus, Invocation, SandboxSpec};

const SIGKILL: i32 = 9;

/// One Python sandbox.
pub struct PythonSandbox {
    pub(super) id: String,
    pub(super) process: Process,
    pub(super) libraries: Arc<Libraries>,
    pub(super) spec: Arc<SandboxSpec>,
    pub(super) images: Arc<Images>,
}

impl PythonSandbox {
    /// Names the end of a process: killed while the kernel counted a kill for want of memory, or of its own accord.
    pub(super) fn name_end(&self, status: ExitStatus, kills_before: u64) -> Ending {
        let ran_out = status == ExitStatus::Signal(SIGKILL) && self.memory_kills() > kills_before;
        if ran_out {
            Ending::OutOfMemory
        } else {
            Ending::Exited(status)
        }
    }

    pub(super) fn memory_kills(&self) -> u64 {
        self.process.remains().out_of_memory_kills()
    }
}

#[async_trait]
impl Sandbox for PythonSandbox {
    fn id(&self) -> &str {
        &self.id
    }

    async fn invoke(&mut self, invocation: Invocation) -> (Ending, Duration) {
        if let Some(status) = self.process.ended() {
            return (Ending::Exited(status), Duration::ZERO);
        }
        self.process.set_paused(false);
        let kills_before = self.memory_kills();
        let context = invocation.context;
        let header = InvokeHeader {
            request_id: context.request_id,
            invoked_function: context.invoked_function,
            deadline_ms: epoch_ms(SystemTime::now() + invocation.timeout),
            trace_id: context.trace_id,
            client_context: context.client_context,
            identity: context.identity,
            tenant_id: context.tenant_id,
        };
        let begun = Instant::now();
        let message = ToSandbox::Invoke(&header, &invocation.payload);
        let turn = self
            .process
            .converse(
                &message,
                &[],
                invocation.timeout,
                invocation.output.as_ref(),
                &self.libraries,
            )
            .await;
        let duration = begun.elapsed();
        if let Some(working_set) = self.process.take_working_set() {
            let zygote = self.process.zygote();
            self.images.learn(&self.spec, zygote, working_set);
        }
        let ending = match turn {
            Turn::Said(FromSandbox::Result(answer)) => Ending::Returned(Bytes::from(answer)),
            Turn::Said(FromSandbox::Error(document)) => {
                Ending::HandlerFailed(Bytes::from(document))
            }
            Turn::Said(FromSandbox::TooLarge { bytes }) => Ending::ResponseTooLarge { bytes },
            // Not its turn to say that: only code that writes to the channel by itself does.
            Turn::Said(_) => {
                self.process.remains().kill_and_wait().await;
                Ending::Exited(ExitStatus::Signal(SIGKILL))
            }
            Turn::Ended(status) => self.name_end(status, kills_before),
            Turn::TimedOut => Ending::TimedOut,
        };
        (ending, duration)
    }

    fn max_memory_bytes(&self) -> u64 {
        self.process.remains().peak_memory_bytes()
    }

    fn gauge(&self) -> Box<dyn MemoryGauge> {
        self.process.remains().gauge()
    }

    fn pause(&mut self) {
        self.process.set_paused(true);
    }

    async fn exited(&mut self) -> ExitStatus {
        self.process.idle_end().await
    }

    async fn destroy(self) {
        self.process.destroy().await;
    }
}

fn epoch_ms(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
