//! What an invocation's record says of a run: from an [`Outcome`], or from why there was none. Pure.

use std::time::Duration;

use invoker::{Ending, InvokeError, Outcome, Usage};

use super::ending::platform_error;
use super::report::{billed_ms, reported_duration};
use super::{Origin, Request, RunError};
use crate::metric::catalog::{path_name, reason_name};
use crate::record::{Draft, Fault, InvocationType, Status, Text};

/// A run of `request` that has ended, or has not come about: not run, until an outcome says otherwise.
pub(super) fn begun(request: &Request, origin: Origin, started_ms: i64) -> Draft {
    let target = &request.target;
    let (invocation_type, attempt) = match origin {
        Origin::Caller => (InvocationType::RequestResponse, 1),
        Origin::Event { attempt } => (InvocationType::Event, attempt),
    };
    Draft {
        version: target.version.clone(),
        qualifier: target.qualifier.clone(),
        request_id: request.request_id.clone(),
        invocation_type,
        attempt,
        started_ms,
        ended_ms: started_ms,
        status: Status::NotRun,
        fault: None,
        sandbox: None,
        log_stream: None,
        usage: Usage::default(),
        cold_start_reason: None,
        start_path: None,
        duration: Duration::ZERO,
        billed_ms: 0,
        event: Text::of(&request.payload, target.recording.as_deref()),
        response: Text::default(),
        recording: target.recording.clone(),
    }
}

/// The run ended so.
pub(super) fn ended(draft: &mut Draft, outcome: Outcome, timeout: Duration) {
    let Outcome {
        ending,
        usage,
        sandbox,
    } = outcome;
    draft.status = status(&ending);
    draft.duration = reported_duration(&ending, &usage, timeout);
    draft.billed_ms = u64::try_from(billed_ms(draft.duration, &usage)).unwrap_or(u64::MAX);
    let cold = usage.cold_start.as_ref();
    draft.cold_start_reason = cold.map(|cold| reason_name(cold.reason));
    draft.start_path = cold.map(|cold| path_name(cold.path));
    draft.usage = usage;
    draft.sandbox = Some(sandbox);
    draft.response = match &ending {
        Ending::Returned(payload) => Text::of(payload, draft.recording.as_deref()),
        Ending::ResponseTooLarge { bytes } => Text::of_size(*bytes),
        _ => Text::default(),
    };
    draft.fault = fault(ending, timeout);
}

/// The run did not come about.
pub(super) fn not_run(draft: &mut Draft, error: &RunError) {
    let error_type = match error {
        RunError::Throttled { .. } => "Throttled",
        RunError::ShuttingDown | RunError::Invoker(InvokeError::ShuttingDown) => "ShuttingDown",
        RunError::Invoker(InvokeError::NoCapacity { .. }) => "NoCapacity",
        RunError::Invoker(InvokeError::RuntimeMissing(_)) => "RuntimeMissing",
        RunError::Invoker(InvokeError::Sandbox(_)) => "SandboxFailed",
        RunError::Store(_) => "StoreFailed",
    };
    let message = match error {
        RunError::Throttled { reason } => (*reason).to_owned(),
        other => other.to_string(),
    };
    draft.fault = Some(Fault::Platform(error_type.to_owned(), message));
}

fn status(ending: &Ending) -> Status {
    match ending {
        Ending::Returned(_) => Status::Succeeded,
        Ending::HandlerFailed(_) => Status::Failed,
        Ending::InitFailed(_) => Status::InitFailed,
        Ending::ResponseTooLarge { .. } => Status::ResponseTooLarge,
        Ending::TimedOut => Status::TimedOut,
        Ending::Exited(_) => Status::Exited,
        Ending::OutOfMemory => Status::OutOfMemory,
    }
}

fn fault(ending: Ending, timeout: Duration) -> Option<Fault> {
    match ending {
        Ending::Returned(_) => None,
        Ending::HandlerFailed(document) | Ending::InitFailed(document) => {
            Some(Fault::Document(document))
        }
        other => platform_error(&other, timeout)
            .map(|error| Fault::Platform(error.error_type.to_owned(), error.message)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;
    use invoker::{ColdStart, ColdStartReason, ExitStatus, StartPath};

    use super::super::environment::tests::version;
    use super::*;
    use crate::function::Target;

    fn draft(origin: Origin) -> Draft {
        let request = Request {
            target: Target {
                version: Arc::new(version()),
                invoked_arn: "arn".into(),
                qualifier: Some("live".into()),
                recording: None,
            },
            payload: Bytes::from_static(b"{}"),
            request_id: "R".into(),
            client_context: None,
            trace_id: None,
            tenant_id: None,
        };
        begun(&request, origin, 7)
    }

    fn outcome(ending: Ending) -> Outcome {
        Outcome {
            ending,
            usage: Usage {
                duration: Duration::from_millis(3_004),
                cold_start: Some(ColdStart {
                    start: Duration::ZERO,
                    init: Duration::from_millis(20),
                    reason: ColdStartReason::Expired,
                    path: StartPath::PoolHit,
                }),
                ..Usage::default()
            },
            sandbox: "s".into(),
        }
    }

    #[test]
    fn every_ending_has_its_status_and_its_words() {
        let document = Bytes::from_static(b"{}");
        for (ending, status, words) in [
            (Ending::Returned(document.clone()), Status::Succeeded, None),
            (
                Ending::HandlerFailed(document.clone()),
                Status::Failed,
                None,
            ),
            (Ending::InitFailed(document), Status::InitFailed, None),
            (
                Ending::ResponseTooLarge { bytes: 9 },
                Status::ResponseTooLarge,
                Some("Function.ResponseSizeTooLarge"),
            ),
            (Ending::TimedOut, Status::TimedOut, Some("Sandbox.Timedout")),
            (
                Ending::Exited(ExitStatus::Code(1)),
                Status::Exited,
                Some("Runtime.ExitError"),
            ),
            (
                Ending::OutOfMemory,
                Status::OutOfMemory,
                Some("Runtime.OutOfMemory"),
            ),
        ] {
            let mut draft = draft(Origin::Caller);
            ended(&mut draft, outcome(ending), Duration::from_secs(3));
            assert_eq!(draft.status, status);
            let found = match &draft.fault {
                Some(Fault::Platform(error_type, _)) => Some(error_type.as_str()),
                Some(Fault::Document(_)) | None => None,
            };
            assert_eq!(found, words);
            assert_eq!(draft.fault.is_none(), status == Status::Succeeded);
        }
    }

    #[test]
    fn a_timeout_is_billed_as_it_is_reported() {
        let mut draft = draft(Origin::Event { attempt: 2 });
        ended(
            &mut draft,
            outcome(Ending::TimedOut),
            Duration::from_secs(3),
        );
        assert_eq!(
            (draft.duration.as_millis(), draft.billed_ms),
            (3_000, 3_020)
        );
        assert_eq!(draft.cold_start_reason, Some("expired"));
        assert_eq!(
            (draft.invocation_type, draft.attempt),
            (InvocationType::Event, 2)
        );
    }

    #[test]
    fn what_was_not_run_says_why() {
        let mut draft = draft(Origin::Caller);
        not_run(&mut draft, &RunError::Throttled { reason: "Full" });
        assert_eq!(draft.status, Status::NotRun);
        let Some(Fault::Platform(error_type, message)) = draft.fault else {
            panic!("it says why")
        };
        assert_eq!((&*error_type, &*message), ("Throttled", "Full"));
    }
}
