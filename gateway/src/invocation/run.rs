//! One invocation, from its permit to its last log line. Ends whether or not its caller waits.

use std::sync::Arc;
use std::time::Duration;

use invoker::{Ending, Invocation, InvocationContext, InvokeError, Outcome};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::admission::Permit;
use super::log_sink::LogSink;
use super::runner::Runner;
use super::{Origin, Request, Response, RunError, account, ending};
use crate::metric::record::Fact;

/// How long a line of a running function waits at most before readers see it.
const FLUSH_INTERVAL: Duration = Duration::from_millis(500);

/// Runs `request` to its end; `permit` is given back when it is over.
pub(super) async fn run(
    runner: Arc<Runner>,
    request: Request,
    origin: Origin,
    permit: Permit,
) -> Result<Response, RunError> {
    let version = Arc::clone(&request.target.version);
    let sink = Arc::new(LogSink::new(
        Arc::clone(&version),
        request.request_id.clone(),
        runner.destinations.clone(),
    ));
    let started_ms = runner.destinations.clock.now_ms();
    let mut draft = account::begun(&request, origin, started_ms);
    let result = match attempt(&runner, request, &sink, started_ms).await {
        Ok((response, outcome)) => {
            let timeout = Duration::from_secs(version.configuration.timeout_seconds.into());
            account::ended(&mut draft, outcome, timeout);
            Ok(response)
        }
        Err(error) => {
            let qualifier = draft.qualifier.as_deref();
            runner.record(&version.key, qualifier, &Fact::NotRun);
            account::not_run(&mut draft, &error);
            Err(error)
        }
    };
    draft.log_stream = sink.stream();
    draft.ended_ms = runner.destinations.clock.now_ms();
    runner.records.add(draft);
    drop(permit);
    result
}

async fn attempt(
    runner: &Runner,
    request: Request,
    sink: &Arc<LogSink>,
    now_ms: i64,
) -> Result<(Response, Outcome), RunError> {
    let version = Arc::clone(&request.target.version);
    let timeout = Duration::from_secs(version.configuration.timeout_seconds.into());
    let invocation = Invocation {
        payload: request.payload,
        timeout,
        context: InvocationContext {
            request_id: request.request_id.clone(),
            invoked_function: request.target.invoked_arn.clone(),
            trace_id: Some(request.trace_id.unwrap_or_else(|| new_trace(now_ms))),
            client_context: request.client_context,
            identity: None,
            tenant_id: request.tenant_id,
        },
        output: Arc::clone(sink) as Arc<dyn invoker::OutputSink>,
    };
    let call = runner.invoker.invoke(runner.spec(&version)?, invocation);
    tokio::pin!(call);
    let mut ticks = interval_at(Instant::now() + FLUSH_INTERVAL, FLUSH_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let result = loop {
        tokio::select! {
            result = &mut call => break result,
            _ = ticks.tick() => sink.flush(),
        }
    };
    sink.flush();
    let outcome = result.inspect_err(|error| {
        if matches!(error, InvokeError::NoCapacity { .. }) {
            let qualifier = request.target.qualifier.as_deref();
            runner.record(&version.key, qualifier, &Fact::Throttled);
        }
    })?;
    let (payload, function_error) = ending::answer(&outcome.ending, &request.request_id, timeout);
    let log_tail = sink.finish(&outcome.sandbox, &outcome.ending, &outcome.usage);
    let fact = Fact::Invoked {
        duration: outcome.usage.duration,
        error: !matches!(outcome.ending, Ending::Returned(_)),
        cold_start: outcome.usage.cold_start.clone(),
    };
    runner.record(&version.key, request.target.qualifier.as_deref(), &fact);
    let response = Response {
        payload,
        function_error,
        executed_version: version.version.clone(),
        log_tail,
    };
    Ok((response, outcome))
}

/// A trace header for a call that came without: <https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html>. Its ids need to
/// be rare, not secret.
fn new_trace(now_ms: i64) -> String {
    let seconds = now_ms / 1_000;
    let root = fastrand::u128(..) >> 32;
    let parent = fastrand::u64(..);
    format!("Root=1-{seconds:08x}-{root:024x};Parent={parent:016x};Sampled=0")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_new_trace_has_the_form_of_the_header() {
        let trace = super::new_trace(1_700_000_000_000);
        assert!(trace.starts_with("Root=1-6553f100-"), "{trace}");
        assert_eq!(
            trace.len(),
            "Root=1-".len() + 8 + 1 + 24 + ";Parent=".len() + 16 + ";Sampled=0".len()
        );
    }
}
