//! The life of one sandbox: started for a call, then call after call, until it expires, is told to end, or dies. One task owns it.
//!
//! Initialisation follows Lambda's rules: when it takes too long or the process ends meanwhile, it is repeated once, as part of the call
//! and within the call's own time; when the module cannot be imported, that is the call's ending.
//! <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html>

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, Sleep, sleep};

use super::Pool;
use super::function::End;
use super::register::Life;
use super::state::{After, Slot};
use crate::sandbox::{Backend, Sandbox, Started};
use crate::{
    ColdStart, ColdStartReason, Ending, Invocation, InvokeError, Outcome, SandboxSpec, StartPath,
    Usage,
};

/// A start that takes longer than this waits for something else than the host's processors, and another may begin beside it.
const START_PLACE_LIMIT: Duration = Duration::from_millis(500);

/// An idle sandbox is stopped after this time: not at once, as stopping and going on cost more than a warm call.
const PAUSE_AFTER: Duration = Duration::from_millis(100);

/// A call on its way.
pub(super) struct Call {
    pub(super) invocation: Invocation,
    pub(super) since: Instant,
    pub(super) memory_mib: u32,
    pub(super) reply: oneshot::Sender<Result<Outcome, InvokeError>>,
}

impl Call {
    /// Whoever asked may have gone away.
    pub(super) fn answer(self: Box<Self>, result: Result<Outcome, InvokeError>) {
        let _ = self.reply.send(result);
    }
}

/// What an idle sandbox is told.
pub(super) enum Order {
    /// Serve this call.
    Serve(Box<Call>),
    /// End.
    End(End),
}

/// Reaches an idle sandbox. Whoever took it from the pool's state may give one order.
#[derive(Clone, Debug)]
pub(super) struct Handle(mpsc::Sender<Order>);

impl Handle {
    pub(super) fn order(&self, order: Order) {
        // There is room for the one order. A task that is gone panicked; its call's answer tells so, as it is dropped here.
        let _ = self.0.try_send(order);
    }

    /// Waits until the sandbox is gone.
    pub(super) async fn gone(&self) {
        self.0.closed().await;
    }
}

/// A sandbox's place in the pool's state: given back when dropped, whatever happens to the task.
struct Place<B: Backend + 'static> {
    pool: Arc<Pool<B>>,
    slot: Slot,
    starting: bool,
    /// How long the sandbox in it took to initialise.
    cost: Duration,
    phase: Phase,
    /// The sandbox in it, as the register has it.
    life: Option<Arc<Life>>,
}

/// What the pool's state counts the sandbox as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Busy,
    Idle,
    Ending,
}

impl<B: Backend + 'static> Place<B> {
    /// The start is over, or slow.
    fn started(&mut self) {
        if std::mem::take(&mut self.starting) {
            let steps = self.pool.lock().started();
            self.pool.perform(steps);
        }
    }

    /// A sandbox is about to be started here.
    fn enter(&mut self, id: &str, reason: ColdStartReason, call: &Call) {
        let request_id = &call.invocation.context.request_id;
        let register = &self.pool.register;
        self.life = Some(register.enter(&self.slot, id, reason, request_id));
    }

    /// The sandbox begins to end, as it and the pool's state know.
    fn leave(&mut self, end: End) {
        if let Some(life) = self.life.take() {
            self.pool.register.leave(&life, end);
        }
    }

    /// The sandbox is busy no more and will not be again.
    fn begin_end(&mut self, end: End) {
        self.phase = Phase::Ending;
        self.leave(end);
        self.pool.lock().begin_end(&self.slot, end);
    }

    /// The sandbox has served its call.
    fn release(&mut self, handle: Handle, now: Instant) -> After<Handle, Box<Call>> {
        let is_retired = |life: &Arc<Life>| life.is_retired();
        let after = {
            let mut state = self.pool.lock();
            if self.life.as_ref().is_some_and(is_retired) {
                state.begin_end(&self.slot, End::Retired);
                After::End(End::Retired)
            } else {
                state.release(&self.slot, handle, self.cost, now)
            }
        };
        match &after {
            After::Serve(..) => {}
            After::Idle(_) => {
                self.phase = Phase::Idle;
                if let Some(life) = &self.life {
                    life.rests(now);
                }
            }
            After::End(end) => self.told_to_end(*end),
        }
        after
    }

    /// The pool's state has it among those that end.
    fn told_to_end(&mut self, end: End) {
        self.phase = Phase::Ending;
        self.leave(end);
    }

    /// An idle sandbox wants to end; whether it may.
    fn end_when_idle(&mut self, end: End) -> bool {
        let may = self.pool.lock().end_when_idle(&self.slot, end).is_some();
        if may {
            self.told_to_end(end);
        }
        may
    }
}

impl<B: Backend + 'static> Drop for Place<B> {
    fn drop(&mut self) {
        match self.phase {
            Phase::Busy => self.begin_end(End::Crashed),
            // Only a runtime that shuts down drops the task of an idle sandbox.
            Phase::Idle => {
                self.end_when_idle(End::Crashed);
            }
            Phase::Ending => {}
        }
        if self.phase == Phase::Ending && tokio::runtime::Handle::try_current().is_ok() {
            self.started();
            let steps = self.pool.lock().gone(&self.slot);
            self.pool.perform(steps);
        }
    }
}

/// A sandbox that is ready for its first call.
struct Begun<S> {
    sandbox: S,
    call: Box<Call>,
    cold: Cold,
}

/// What a start adds to its call's report.
struct Cold {
    start: ColdStart,
    queued: Duration,
    /// Time of the call that its repeated initialisation used.
    used: Duration,
    max_memory_bytes: u64,
}

/// What an idle sandbox does next.
enum Next {
    Serve(Box<Call>),
    End,
    /// It died while this call was on its way.
    StartAgain(Box<Call>),
}

/// Starts a sandbox for `call` in `slot` and stays with it to its end.
///
/// Boxed, as a sandbox's end may start another.
pub(super) fn live<B: Backend + 'static>(
    pool: Arc<Pool<B>>,
    slot: Slot,
    reason: ColdStartReason,
    call: Box<Call>,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        let (handle, mut orders) = mpsc::channel(1);
        let handle = Handle(handle);
        let mut place = Place {
            pool,
            slot,
            starting: true,
            cost: Duration::ZERO,
            phase: Phase::Busy,
            life: None,
        };
        let mut next = Some((call, reason));
        while let Some((call, reason)) = next.take() {
            let Some(begun) = begin(&mut place, call, reason).await else {
                return;
            };
            if let Some(call) = serve_all(&mut place, begun, &handle, &mut orders).await {
                place.pool.lock().starts_again();
                place.starting = true;
                next = Some((call, ColdStartReason::Crashed));
            }
        }
    })
}

/// Makes the sandbox; when that fails, answers the call.
async fn begin<B: Backend + 'static>(
    place: &mut Place<B>,
    call: Box<Call>,
    reason: ColdStartReason,
) -> Option<Begun<B::Sandbox>> {
    let id = uuid::Uuid::new_v4().to_string();
    place.enter(&id, reason, &call);
    call.invocation.output.started(&id, true);
    let mut spec = Arc::clone(&place.slot.spec);
    let mut cold = Cold::new(reason, call.since.elapsed());
    for attempt in [1, 2] {
        let started = start(place, &id, &spec, &call).await;
        let failure = match started {
            Ok(Started::Ready {
                sandbox,
                init,
                path,
            }) => {
                cold.count(attempt, init, path, call.since);
                place.cost = init;
                place.started();
                if let Some(life) = &place.life {
                    life.begins(path, sandbox.gauge());
                }
                return Some(Begun {
                    sandbox,
                    call,
                    cold,
                });
            }
            Ok(Started::Failed {
                ending,
                init,
                path,
                max_memory_bytes,
            }) => {
                cold.max_memory_bytes = cold.max_memory_bytes.max(max_memory_bytes);
                cold.count(attempt, init, path, call.since);
                ending
            }
            Err(error) => {
                place.begin_end(match error {
                    InvokeError::ShuttingDown => End::Stopped,
                    _ => End::StartFailed,
                });
                call.answer(Err(error));
                return None;
            }
        };
        let is_final = attempt == 2 || matches!(failure, Ending::InitFailed(_));
        if is_final {
            place.begin_end(fatal(&failure).unwrap_or(End::InitFailed));
            let max_memory_bytes = cold.max_memory_bytes;
            let usage = cold.usage(Duration::ZERO, max_memory_bytes);
            call.answer(Ok(Outcome {
                ending: failure,
                usage,
                sandbox: id,
            }));
            return None;
        }
        spec = Arc::new(SandboxSpec {
            init_timeout: call.invocation.timeout,
            ..SandboxSpec::clone(&spec)
        });
    }
    None
}

/// How a sandbox ends that can serve no more after `ending`.
fn fatal(ending: &Ending) -> Option<End> {
    match ending {
        Ending::TimedOut => Some(End::TimedOut),
        Ending::Exited(_) => Some(End::Crashed),
        Ending::OutOfMemory => Some(End::OutOfMemory),
        Ending::Returned(_)
        | Ending::HandlerFailed(_)
        | Ending::InitFailed(_)
        | Ending::ResponseTooLarge { .. } => None,
    }
}

impl Cold {
    /// A start for this reason, of a call that waited so long for it.
    fn new(reason: ColdStartReason, queued: Duration) -> Self {
        Self {
            start: ColdStart {
                start: Duration::ZERO,
                init: Duration::ZERO,
                reason,
                path: StartPath::PoolMiss,
            },
            queued,
            used: Duration::ZERO,
            max_memory_bytes: 0,
        }
    }

    /// The first initialisation is reported as such, the repeated one is part of the call.
    fn count(&mut self, attempt: usize, init: Duration, path: StartPath, since: Instant) {
        if attempt == 1 {
            self.start.init = init;
            self.start.path = path;
            let since_queued = since.elapsed().saturating_sub(self.queued);
            self.start.start = since_queued.saturating_sub(init);
        } else {
            self.used = init;
        }
    }

    fn usage(self, duration: Duration, max_memory_bytes: u64) -> Usage {
        Usage {
            duration: duration + self.used,
            cold_start: Some(self.start),
            max_memory_bytes: self.max_memory_bytes.max(max_memory_bytes),
            queued: self.queued,
        }
    }
}

/// One attempt, ended when the pool stops.
async fn start<B: Backend + 'static>(
    place: &mut Place<B>,
    id: &str,
    spec: &Arc<SandboxSpec>,
    call: &Call,
) -> Result<Started<B::Sandbox>, InvokeError> {
    let (pool, output) = (Arc::clone(&place.pool), Arc::clone(&call.invocation.output));
    let mut start = pool.backend.start(id.to_owned(), Arc::clone(spec), output);
    let mut slow = pin!(sleep(START_PLACE_LIMIT));
    loop {
        tokio::select! {
            biased;
            started = &mut start => return started,
            () = pool.stopped.cancelled() => return Err(InvokeError::ShuttingDown),
            () = &mut slow, if place.starting => place.started(),
        }
    }
}

/// Serves calls until the sandbox has ended; answers a call that came when it had just died.
async fn serve_all<B: Backend + 'static>(
    place: &mut Place<B>,
    begun: Begun<B::Sandbox>,
    handle: &Handle,
    orders: &mut mpsc::Receiver<Order>,
) -> Option<Box<Call>> {
    let Begun {
        mut sandbox,
        mut call,
        cold,
    } = begun;
    let mut cold = Some(cold);
    let mut expiry = pin!(sleep(place.pool.config.keep_alive));
    let mut pause = pin!(sleep(PAUSE_AFTER));
    let again = loop {
        let (reply, result, end) = serve(place, &mut sandbox, call, cold.take()).await;
        if let Some(end) = end {
            place.begin_end(end);
            let _ = reply.send(result);
            break None;
        }
        let now = Instant::now();
        let after = place.release(handle.clone(), now);
        // Only now, so that whoever calls again at once finds the sandbox idle.
        let _ = reply.send(result);
        match after {
            After::Serve(next, steps) => {
                place.pool.perform(steps);
                call = next;
                continue;
            }
            After::End(_) => break None,
            After::Idle(steps) => {
                place.pool.perform(steps);
            }
        }
        let timers = (pause.as_mut(), expiry.as_mut());
        match idle(place, &mut sandbox, orders, now, timers).await {
            Next::Serve(next) => {
                place.phase = Phase::Busy;
                call = next;
            }
            Next::End => break None,
            Next::StartAgain(next) => {
                place.phase = Phase::Busy;
                place.leave(End::Crashed);
                break Some(next);
            }
        }
    };
    sandbox.destroy().await;
    again
}

type Served = (
    oneshot::Sender<Result<Outcome, InvokeError>>,
    Result<Outcome, InvokeError>,
    Option<End>,
);

/// Serves one call; says why the sandbox cannot serve another, where it cannot.
async fn serve<B: Backend + 'static>(
    place: &Place<B>,
    sandbox: &mut B::Sandbox,
    call: Box<Call>,
    cold: Option<Cold>,
) -> Served {
    let Call {
        mut invocation,
        since,
        reply,
        ..
    } = *call;
    match &cold {
        Some(cold) => invocation.timeout = invocation.timeout.saturating_sub(cold.used),
        None => invocation.output.started(sandbox.id(), false),
    }
    let now = Instant::now();
    let queued = now.duration_since(since);
    if let Some(life) = &place.life {
        life.serves(&invocation.context.request_id, now);
    }
    let done = tokio::select! {
        biased;
        done = sandbox.invoke(invocation) => Some(done),
        () = place.pool.stopped.cancelled() => None,
    };
    let Some((ending, duration)) = done else {
        let stopped = Err(InvokeError::ShuttingDown);
        return (reply, stopped, Some(End::Stopped));
    };
    let end = fatal(&ending);
    let max_memory_bytes = sandbox.max_memory_bytes();
    let usage = match cold {
        Some(cold) => cold.usage(duration, max_memory_bytes),
        None => Usage {
            duration,
            cold_start: None,
            max_memory_bytes,
            queued,
        },
    };
    let outcome = Outcome {
        ending,
        usage,
        sandbox: sandbox.id().to_owned(),
    };
    (reply, Ok(outcome), end)
}

/// Waits for an order, and stops the sandbox when none comes soon. `expiry` is only moved when it comes too early, as most calls come long
/// before it.
async fn idle<B: Backend + 'static>(
    place: &mut Place<B>,
    sandbox: &mut B::Sandbox,
    orders: &mut mpsc::Receiver<Order>,
    since: Instant,
    (mut pause, mut expiry): (Pin<&mut Sleep>, Pin<&mut Sleep>),
) -> Next {
    pause.as_mut().reset(since + PAUSE_AFTER);
    let mut is_paused = false;
    let expires = since + place.pool.config.keep_alive;
    let end = loop {
        tokio::select! {
            biased;
            status = sandbox.exited() => {
                tracing::debug!(?status, sandbox = sandbox.id(), "an idle sandbox ended by itself");
                break End::Crashed;
            }
            order = orders.recv() => return match order {
                Some(Order::Serve(call)) => Next::Serve(call),
                Some(Order::End(end)) => {
                    place.told_to_end(end);
                    Next::End
                }
                None => Next::End,
            },
            () = pause.as_mut(), if !is_paused => {
                sandbox.pause();
                is_paused = true;
            }
            () = expiry.as_mut() => {
                if Instant::now() >= expires {
                    break End::Expired;
                }
                expiry.as_mut().reset(expires);
            }
        }
    };
    if place.end_when_idle(end) {
        return Next::End;
    }
    // Somebody took it from the state just before, and the order is on its way.
    match orders.recv().await {
        Some(Order::Serve(call)) if end == End::Crashed => Next::StartAgain(call),
        Some(Order::Serve(call)) => Next::Serve(call),
        Some(Order::End(end)) => {
            place.told_to_end(end);
            Next::End
        }
        None => Next::End,
    }
}
