//! A run that has just ended, as the caller's path hands it over: nothing is parsed or copied yet. Its making into a [`Run`] is pure.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use invoker::Usage;
use serde_json::Value;
use uuid::Uuid;

use super::redaction::Redaction;
use super::run::{Failure, InvocationType, Kept, Phase, Run, Status, encode};
use crate::function::FunctionVersion;
use crate::function::recording::Recording;

/// The largest event or response that is kept.
pub const KEPT_BYTES: usize = 256 * 1024;
/// An error's message is cut to this.
const MESSAGE_BYTES: usize = 4 * 1024;
/// An error's type is cut to this.
const TYPE_BYTES: usize = 256;
/// Lines of a stack trace at most; of more, the first and the last stay.
const STACK_LINES: usize = 100;
/// A line of a stack trace is cut to this.
const STACK_LINE_BYTES: usize = 2 * 1024;
/// What a draft takes in memory beside its texts.
const OVERHEAD_BYTES: usize = 1024;

/// A run that has just ended.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What ran.
    pub version: Arc<FunctionVersion>,
    /// The alias or version that the caller named.
    pub qualifier: Option<String>,
    /// The invocation's id (a UUID).
    pub request_id: String,
    /// How it was asked for.
    pub invocation_type: InvocationType,
    /// From 1.
    pub attempt: u32,
    /// Milliseconds since the epoch.
    pub started_ms: i64,
    /// Milliseconds since the epoch.
    pub ended_ms: i64,
    /// How it ended.
    pub status: Status,
    /// What it failed of.
    pub fault: Option<Fault>,
    /// The sandbox that served it.
    pub sandbox: Option<String>,
    /// Its log stream.
    pub log_stream: Option<String>,
    /// What it used.
    pub usage: Usage,
    /// Why it started its sandbox, when it did.
    pub cold_start_reason: Option<&'static str>,
    /// How that sandbox came to be.
    pub start_path: Option<&'static str>,
    /// The handler's time as it is reported.
    pub duration: Duration,
    /// What it is billed for, milliseconds.
    pub billed_ms: u64,
    /// The event.
    pub event: Text,
    /// What the handler returned.
    pub response: Text,
    /// The function's setting.
    pub recording: Option<Arc<Recording>>,
}

/// Why a run failed.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The error document of the handler or of its import.
    Document(Bytes),
    /// The platform's words: type and message.
    Platform(String, String),
}

/// An event or a response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    bytes: usize,
    content: Option<Bytes>,
}

impl Text {
    /// A text of which `recording` may want to keep the content.
    pub fn of(content: &Bytes, recording: Option<&Recording>) -> Self {
        let keep = recording.is_some_and(|recording| recording.keep_events);
        let fits = content.len() <= KEPT_BYTES;
        Self {
            bytes: content.len(),
            content: (keep && fits).then(|| content.clone()),
        }
    }

    /// A text of which nothing can be kept.
    pub fn of_size(bytes: u64) -> Self {
        Self {
            bytes: usize::try_from(bytes).unwrap_or(usize::MAX),
            content: None,
        }
    }

    fn held_bytes(&self) -> usize {
        self.content.as_ref().map_or(0, Bytes::len)
    }
}

impl Draft {
    /// What it takes in memory, roughly.
    pub(super) fn size_bytes(&self) -> usize {
        let document = match &self.fault {
            Some(Fault::Document(document)) => document.len(),
            Some(Fault::Platform(..)) | None => 0,
        };
        OVERHEAD_BYTES + document + self.event.held_bytes() + self.response.held_bytes()
    }

    /// The run to store, and the texts to keep beside it; `None` when its id is none.
    pub(super) fn into_run(self, redactions: &mut Redactions) -> Option<(Run, Option<Kept>)> {
        let request_id: Uuid = self.request_id.parse().ok()?;
        let kept = self.kept(request_id, redactions);
        let run = Run {
            request_id,
            version: self.version.version.clone(),
            invocation_type: self.invocation_type,
            attempt: self.attempt,
            started_ms: self.started_ms,
            ended_ms: self.ended_ms,
            status: self.status,
            cold_start_reason: self.cold_start_reason.map(str::to_owned),
            start_path: self.start_path.map(str::to_owned),
            phases: phases(&self.usage, self.duration),
            duration_us: whole_us(self.duration),
            billed_ms: self.billed_ms,
            memory_mib: self.version.configuration.memory_mib,
            max_memory_mib: self.usage.max_memory_bytes.div_ceil(1024 * 1024),
            log_group: self.version.configuration.log_group.clone(),
            failure: self.fault.map(failure),
            event_bytes: self.event.bytes as u64,
            response_bytes: self.response.bytes as u64,
            kept_bytes: kept.as_ref().map_or(0, |kept| encode(kept).len() as u64),
            qualifier: self.qualifier,
            sandbox: self.sandbox,
            log_stream: self.log_stream,
        };
        Some((run, kept))
    }

    fn kept(&self, request_id: Uuid, redactions: &mut Redactions) -> Option<Kept> {
        let recording = self.recording.as_ref().filter(|found| found.keep_events)?;
        let redaction = redactions.of(recording);
        let redacted = |text: &Text| redaction.apply(text.content.as_ref()?);
        let kept = Kept {
            request_id,
            attempt: self.attempt,
            event: redacted(&self.event),
            response: redacted(&self.response),
        };
        (kept.event.is_some() || kept.response.is_some()).then_some(kept)
    }
}

/// The redactions of the settings in a batch of drafts, each made once.
#[derive(Default)]
pub(super) struct Redactions {
    by_setting: HashMap<*const Recording, (Arc<Recording>, Redaction)>,
}

impl Redactions {
    fn of(&mut self, recording: &Arc<Recording>) -> &Redaction {
        // The setting is held beside, so that no other one gets its address.
        let made = || (Arc::clone(recording), Redaction::of(&recording.redact_keys));
        let setting = self
            .by_setting
            .entry(Arc::as_ptr(recording))
            .or_insert_with(made);
        &setting.1
    }
}

/// What was measured, in the order in which it passed.
fn phases(usage: &Usage, duration: Duration) -> Vec<Phase> {
    let mut phases = Vec::with_capacity(4);
    let mut start = Duration::ZERO;
    let mut pass = |name: &str, duration: Duration| {
        phases.push(Phase {
            name: name.to_owned(),
            start_us: whole_us(start),
            duration_us: whole_us(duration),
        });
        start += duration;
    };
    pass("queue", usage.queued);
    if let Some(cold) = &usage.cold_start {
        pass("start", cold.start);
        pass("init", cold.init);
    }
    pass("invoke", duration);
    phases
}

fn whole_us(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

fn failure(fault: Fault) -> Failure {
    let document = match fault {
        Fault::Platform(error_type, message) => {
            return Failure {
                error_type,
                message,
                stack_trace: Vec::new(),
            };
        }
        Fault::Document(document) => document,
    };
    let document: Value = serde_json::from_slice(&document).unwrap_or_default();
    let text = |name: &str| document[name].as_str().unwrap_or_default();
    let lines = document["stackTrace"].as_array();
    let lines: Vec<&str> = lines
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    Failure {
        error_type: cut(text("errorType"), TYPE_BYTES),
        message: cut(text("errorMessage"), MESSAGE_BYTES),
        stack_trace: stack_trace(&lines),
    }
}

fn stack_trace(lines: &[&str]) -> Vec<String> {
    let shown = |lines: &[&str]| -> Vec<String> {
        let cut_lines = lines.iter().map(|line| cut(line, STACK_LINE_BYTES));
        cut_lines.collect()
    };
    if lines.len() <= STACK_LINES {
        return shown(lines);
    }
    let half = STACK_LINES / 2;
    let mut trace = shown(&lines[..half]);
    trace.push(format!("… {} further lines\n", lines.len() - 2 * half));
    trace.extend(shown(&lines[lines.len() - half..]));
    trace
}

fn cut(text: &str, bytes: usize) -> String {
    if text.len() <= bytes {
        return text.to_owned();
    }
    format!("{}…", &text[..text.floor_char_boundary(bytes)])
}

#[cfg(test)]
mod tests {
    use invoker::{ColdStart, ColdStartReason, StartPath};
    use serde_json::json;

    use super::super::testing::draft;
    use super::*;

    fn made(draft: Draft) -> (Run, Option<Kept>) {
        draft.into_run(&mut Redactions::default()).unwrap()
    }

    fn keeping(keys: &[&str]) -> Arc<Recording> {
        Arc::new(Recording {
            keep_events: true,
            redact_keys: keys.iter().map(|key| (*key).to_owned()).collect(),
        })
    }

    #[test]
    fn phases_follow_each_other() {
        let mut draft = draft(7, 7);
        draft.usage.queued = Duration::from_micros(10);
        let warm = made(draft.clone()).0;
        let names = |run: &Run| -> Vec<(String, u64, u64)> {
            let phases = run.phases.iter();
            phases
                .map(|phase| (phase.name.clone(), phase.start_us, phase.duration_us))
                .collect()
        };
        assert_eq!(
            names(&warm),
            [("queue".into(), 0, 10), ("invoke".into(), 10, 2_500)]
        );
        assert_eq!((warm.init_us(), warm.cold_start_reason), (None, None));
        draft.usage.cold_start = Some(ColdStart {
            start: Duration::from_micros(20),
            init: Duration::from_micros(300),
            reason: ColdStartReason::ScaleOut,
            path: StartPath::PoolHit,
        });
        draft.cold_start_reason = Some("scale-out");
        let cold = made(draft).0;
        assert_eq!(
            names(&cold),
            [
                ("queue".into(), 0, 10),
                ("start".into(), 10, 20),
                ("init".into(), 30, 300),
                ("invoke".into(), 330, 2_500)
            ]
        );
        assert_eq!(cold.init_us(), Some(300));
        assert_eq!(cold.cold_start_reason.as_deref(), Some("scale-out"));
    }

    #[test]
    fn texts_are_kept_when_the_setting_says_so_redacted_and_within_bounds() {
        let event = Bytes::from_static(br#"{"Pin": 7}"#);
        let off = Recording::default();
        assert_eq!(Text::of(&event, Some(&off)).content, None);
        assert_eq!(Text::of(&event, None).bytes, event.len());
        let recording = keeping(&["pin"]);
        let large = Bytes::from(vec![b' '; KEPT_BYTES + 1]);
        assert_eq!(Text::of(&large, Some(&recording)).content, None);

        let mut draft = draft(7, 7);
        draft.event = Text::of(&event, Some(&recording));
        draft.response = Text::of(&Bytes::from_static(b"NaN"), Some(&recording));
        draft.recording = Some(Arc::clone(&recording));
        let (run, kept) = made(draft.clone());
        let kept = kept.unwrap();
        assert_eq!(kept.event.as_deref(), Some(r#"{"Pin": "[REDACTED]"}"#));
        assert_eq!(kept.response, None);
        assert_eq!((run.event_bytes, run.response_bytes), (10, 3));
        assert_eq!(run.kept_bytes, encode(&kept).len() as u64);
        draft.event = Text::of(&large, Some(&recording));
        assert_eq!(made(draft).1, None);
    }

    #[test]
    fn an_error_document_is_read_within_bounds() {
        let of = |document: Value| failure(Fault::Document(Bytes::from(document.to_string())));
        let lines: Vec<String> = (0..1_000).map(|number| number.to_string()).collect();
        let long = of(json!({
            "errorType": "ValueError", "errorMessage": "é".repeat(MESSAGE_BYTES), "stackTrace": lines,
        }));
        assert_eq!(long.error_type, "ValueError");
        assert!(long.message.len() < MESSAGE_BYTES + 8 && long.message.ends_with("é…"));
        assert_eq!(long.stack_trace.len(), STACK_LINES + 1);
        assert_eq!(
            (&*long.stack_trace[0], &*long.stack_trace[STACK_LINES]),
            ("0", "999")
        );
        assert!(long.stack_trace[STACK_LINES / 2].contains("900 further lines"));
        assert_eq!(of(json!({ "errorType": 7 })), Failure::default());
        assert_eq!(
            failure(Fault::Document(Bytes::from_static(b"\xff"))),
            Failure::default()
        );
    }
}
