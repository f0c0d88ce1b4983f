//! An invoker's [`Ending`] as the caller sees it: payload, `X-Amz-Function-Error`, and the words of the log. Pure.
//!
//! The wording is that of Lambda and of its runtime interface emulator:
//! <https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html>

use std::time::Duration;

use bytes::Bytes;
use invoker::{Ending, ExitStatus};
use serde_json::json;

/// AWS's bound on a synchronous answer, bytes.
const MAX_RESPONSE_BYTES: u64 = 6_291_556;

/// What the function failed of, as the platform (not the handler) tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformError {
    /// Such as `Runtime.ExitError`.
    pub error_type: &'static str,
    /// Without the `RequestId: … Error: ` before it.
    pub message: String,
}

/// The platform's error of an ending, unless the function answered or failed by itself.
pub fn platform_error(ending: &Ending, timeout: Duration) -> Option<PlatformError> {
    let (error_type, message) = match ending {
        Ending::Returned(_) | Ending::HandlerFailed(_) | Ending::InitFailed(_) => return None,
        Ending::ResponseTooLarge { .. } => (
            "Function.ResponseSizeTooLarge",
            format!(
                "Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE_BYTES} bytes)."
            ),
        ),
        Ending::TimedOut => (
            "Sandbox.Timedout",
            format!("Task timed out after {:.2} seconds", timeout.as_secs_f64()),
        ),
        Ending::Exited(status) => ("Runtime.ExitError", exit_message(*status)),
        Ending::OutOfMemory => (
            "Runtime.OutOfMemory",
            "Runtime exited with error: signal: killed".to_owned(),
        ),
    };
    Some(PlatformError {
        error_type,
        message,
    })
}

/// The payload of the answer, and `Unhandled` when the function failed.
pub fn answer(
    ending: &Ending,
    request_id: &str,
    timeout: Duration,
) -> (Bytes, Option<&'static str>) {
    match ending {
        Ending::Returned(payload) => (payload.clone(), None),
        Ending::HandlerFailed(document) | Ending::InitFailed(document) => {
            (document.clone(), Some("Unhandled"))
        }
        Ending::ResponseTooLarge { .. }
        | Ending::TimedOut
        | Ending::Exited(_)
        | Ending::OutOfMemory => {
            let error = platform_error(ending, timeout).expect("each of these has one");
            let message = match ending {
                Ending::ResponseTooLarge { .. } => error.message,
                _ => format!("RequestId: {request_id} Error: {}", error.message),
            };
            let document = json!({ "errorType": error.error_type, "errorMessage": message });
            (Bytes::from(document.to_string()), Some("Unhandled"))
        }
    }
}

fn exit_message(status: ExitStatus) -> String {
    match status {
        ExitStatus::Code(0) => "Runtime exited without providing a reason".to_owned(),
        ExitStatus::Code(code) => format!("Runtime exited with error: exit status {code}"),
        ExitStatus::Signal(signal) => match signal_name(signal) {
            Some(name) => format!("Runtime exited with error: signal: {name}"),
            None => format!("Runtime exited with error: signal: signal {signal}"),
        },
    }
}

/// The words that Lambda's runtime supervisor (a Go program) has for a signal.
fn signal_name(signal: i32) -> Option<&'static str> {
    Some(match signal {
        1 => "hangup",
        2 => "interrupt",
        3 => "quit",
        4 => "illegal instruction",
        5 => "trace/breakpoint trap",
        6 => "aborted",
        7 => "bus error",
        8 => "floating point exception",
        9 => "killed",
        10 => "user defined signal 1",
        11 => "segmentation fault",
        12 => "user defined signal 2",
        13 => "broken pipe",
        14 => "alarm clock",
        15 => "terminated",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(ending: &Ending) -> String {
        let (payload, error) = answer(ending, "R", Duration::from_secs(3));
        assert_eq!(error, Some("Unhandled"));
        String::from_utf8(payload.to_vec()).unwrap()
    }

    #[test]
    fn a_result_and_an_error_document_pass_through() {
        let payload = Bytes::from_static(b"{}");
        let returned = answer(&Ending::Returned(payload.clone()), "R", Duration::ZERO);
        assert_eq!(returned, (payload.clone(), None));
        let failed = answer(&Ending::InitFailed(payload.clone()), "R", Duration::ZERO);
        assert_eq!(failed, (payload, Some("Unhandled")));
    }

    #[test]
    fn platform_errors_read_as_on_lambda() {
        let endings = [
            Ending::TimedOut,
            Ending::Exited(ExitStatus::Code(0)),
            Ending::Exited(ExitStatus::Code(3)),
            Ending::Exited(ExitStatus::Signal(11)),
            Ending::OutOfMemory,
            Ending::ResponseTooLarge { bytes: 7_000_000 },
        ];
        insta::assert_snapshot!(endings.map(|ending| text(&ending)).join("\n"), @r#"
        {"errorMessage":"RequestId: R Error: Task timed out after 3.00 seconds","errorType":"Sandbox.Timedout"}
        {"errorMessage":"RequestId: R Error: Runtime exited without providing a reason","errorType":"Runtime.ExitError"}
        {"errorMessage":"RequestId: R Error: Runtime exited with error: exit status 3","errorType":"Runtime.ExitError"}
        {"errorMessage":"RequestId: R Error: Runtime exited with error: signal: segmentation fault","errorType":"Runtime.ExitError"}
        {"errorMessage":"RequestId: R Error: Runtime exited with error: signal: killed","errorType":"Runtime.OutOfMemory"}
        {"errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes).","errorType":"Function.ResponseSizeTooLarge"}
        "#);
    }
}
