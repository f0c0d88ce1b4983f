//! What must not stay behind of a sandbox: its processes and its control group.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use invoker_linux::cgroup::{Cgroup, Counters, Freezer};
use invoker_linux::pidfd::PidFd;
use invoker_linux::process;
use tokio::io::unix::AsyncFd;
use tokio::time::timeout;

use crate::sandbox::MemoryGauge;

/// How long a killed sandbox may take to be gone.
const DEATH_LIMIT: Duration = Duration::from_secs(10);

/// Kills and removes them when dropped, if that was not waited for.
pub(super) struct Remains {
    handle: Option<AsyncFd<PidFd>>,
    cgroup: Option<Cgroup>,
    counters: Counters,
    freezer: Option<Freezer>,
    is_frozen: bool,
    /// The id of the first process, and the highest memory seen, where no control group counts it.
    uncounted: Option<(i32, AtomicU64)>,
}

impl Remains {
    /// Of a sandbox that is about to be made.
    pub(super) fn of_none(cgroup: Option<Cgroup>) -> Self {
        Self {
            handle: None,
            counters: Counters::default(),
            freezer: None,
            is_frozen: false,
            uncounted: None,
            cgroup,
        }
    }

    /// Of a sandbox whose first process is `init`.
    pub(super) fn new(init: AsyncFd<PidFd>, cgroup: Option<Cgroup>, freezes: bool) -> Self {
        let uncounted = match &cgroup {
            Some(_) => None,
            None => init.get_ref().process_id(),
        };
        let freezer = cgroup.as_ref().filter(|_| freezes);
        Self {
            handle: Some(init),
            uncounted: uncounted.map(|init| (init, AtomicU64::new(0))),
            counters: cgroup.as_ref().map(Cgroup::counters).unwrap_or_default(),
            freezer: freezer.and_then(Cgroup::freezer),
            is_frozen: false,
            cgroup,
        }
    }

    /// Its control group, where it has one.
    pub(super) fn cgroup(&self) -> Option<&Cgroup> {
        self.cgroup.as_ref()
    }

    /// Stops all its processes, or lets them go on; nothing, where the host cannot.
    pub(super) fn set_frozen(&mut self, frozen: bool) {
        if self.is_frozen == frozen {
            return;
        }
        if let Some(freezer) = &self.freezer {
            match freezer.set_frozen(frozen) {
                Ok(()) => self.is_frozen = frozen,
                Err(error) => tracing::warn!(%error, frozen, "freeze or thaw a sandbox"),
            }
        }
    }

    /// Takes the control group out of this guard.
    pub(super) fn take_cgroup(&mut self) -> Option<Cgroup> {
        self.cgroup.take()
    }

    /// How many processes the kernel killed for want of memory.
    pub(super) fn out_of_memory_kills(&self) -> u64 {
        self.counters.out_of_memory_kills()
    }

    /// The memory high-water mark: of the control group, else of the function's process as far as it was looked at.
    pub(super) fn peak_memory_bytes(&self) -> u64 {
        match &self.uncounted {
            None => self.counters.peak_memory_bytes().unwrap_or(0),
            Some((init, highest)) => {
                let now = process::peak_memory_of_child(*init).unwrap_or(0);
                highest.fetch_max(now, Ordering::Relaxed).max(now)
            }
        }
    }

    /// Measures what its processes use now, also while others hold this.
    pub(super) fn gauge(&self) -> Box<dyn MemoryGauge> {
        Box::new(match (&self.cgroup, &self.uncounted) {
            (Some(cgroup), _) => Gauge::Group(cgroup.present_memory()),
            (None, Some((init, _))) => Gauge::ChildOf(*init),
            (None, None) => Gauge::Nothing,
        })
    }

    pub(super) async fn kill_and_wait(&self) {
        self.kill();
        if let Some(handle) = &self.handle {
            wait_for_end(handle).await;
        }
    }

    fn kill(&self) {
        let Some(handle) = &self.handle else { return };
        if let Err(error) = handle.get_ref().kill() {
            tracing::warn!(%error, "kill a sandbox");
        }
        // A frozen process of version 1 dies only once it is thawed.
        if let (true, Some(freezer)) = (self.is_frozen, &self.freezer) {
            let _ = freezer.set_frozen(false);
        }
    }

    pub(super) async fn clear(&mut self) {
        self.kill();
        clear(self.handle.take(), self.cgroup.take()).await;
    }
}

async fn wait_for_end(handle: &AsyncFd<PidFd>) {
    if timeout(DEATH_LIMIT, handle.readable()).await.is_err() {
        tracing::warn!(
            "a killed sandbox is not gone after {} s",
            DEATH_LIMIT.as_secs()
        );
    }
}

/// Waits for the end of what was killed, and removes its group.
async fn clear(handle: Option<AsyncFd<PidFd>>, cgroup: Option<Cgroup>) {
    if let Some(handle) = handle {
        wait_for_end(&handle).await;
    }
    let Some(cgroup) = cgroup else { return };
    // The kernel may take a moment to count the last process out.
    for attempt in 0..10u32 {
        match cgroup.remove() {
            Ok(()) => return,
            Err(error) if attempt == 9 => tracing::warn!(%error, "remove a control group"),
            Err(_) => tokio::time::sleep(Duration::from_millis(1 << attempt)).await,
        }
    }
}

/// Where a sandbox's present memory stands.
enum Gauge {
    /// In this file of its control group.
    Group(PathBuf),
    /// With the only child of this process.
    ChildOf(i32),
    /// There are no processes yet.
    Nothing,
}

impl MemoryGauge for Gauge {
    fn memory_bytes(&self) -> Option<u64> {
        match self {
            Self::Group(file) => std::fs::read_to_string(file).ok()?.trim().parse().ok(),
            Self::ChildOf(init) => process::present_memory_of_child(*init),
            Self::Nothing => None,
        }
    }
}

impl Drop for Remains {
    fn drop(&mut self) {
        if self.handle.is_none() && self.cgroup.is_none() {
            return;
        }
        self.kill();
        let (handle, cgroup) = (self.handle.take(), self.cgroup.take());
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(clear(handle, cgroup))),
            // No runtime: the next start clears the group, unless it is empty already.
            Err(_) => {
                if let Some(cgroup) = cgroup {
                    let _ = cgroup.remove();
                }
            }
        }
    }
}
