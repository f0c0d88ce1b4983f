//! `/hearth/invocations`: what became of each invocation, listed and one by one.

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::{not_found, recording};
use crate::api::Services;
use crate::auth::Identity;
use crate::function::arn::Reference;
use crate::protocol::AwsError;
use crate::record::{Failure, Invocation, KeptTexts, Order, Phase, Place, Query, Run};

/// Invocations of a page unless the query says otherwise.
const DEFAULT_LIMIT: usize = 50;
/// Invocations of a page at most.
const MAX_LIMIT: usize = 100;

/// A page of the account's invocations: `?function=&order=recent|expensive&status=all|failed&start=&end=&limit=&next=`.
pub(super) async fn list(
    identity: &Identity,
    query: &str,
    services: &Services,
) -> Result<Value, AwsError> {
    let query = parse(identity, query)?;
    let page = services.records.page(&query).await;
    let (invocations, next) = page.map_err(|error| store_fault(&error))?;
    let summaries: Vec<Value> = invocations.iter().map(summary).collect();
    let next = next.map(|place| place.token(query.order));
    Ok(json!({ "invocations": summaries, "next": next }))
}

/// One invocation with its runs and what was kept of it.
pub(super) async fn get(
    identity: &Identity,
    request_id: &str,
    services: &Services,
) -> Result<Value, AwsError> {
    let found = services.records.find(identity, request_id).await;
    let found = found.map_err(|error| store_fault(&error))?;
    let (invocation, texts) = found.ok_or_else(|| {
        not_found(format!(
            "Invocation not found: {request_id} (it never was, or its record has expired)"
        ))
    })?;
    let name = &invocation.function.name;
    // The setting as it is now; the default's once the function is gone.
    let setting = services.registry.recording(identity, name);
    let setting = recording::shape(&setting.unwrap_or_default());
    Ok(detail(&invocation, texts, setting))
}

fn summary(invocation: &Invocation) -> Value {
    let (first, last) = (invocation.first(), invocation.last());
    let failure = last.failure.as_ref();
    json!({
        "requestId": last.request_id.to_string(),
        "function": invocation.function.name,
        "version": last.version,
        "qualifier": last.qualifier,
        "invocationType": last.invocation_type,
        "startedAt": first.started_ms,
        "endedAt": last.ended_ms,
        "status": last.status,
        "errorType": failure.map(|failure| &failure.error_type),
        "errorMessage": failure.map(|failure| &failure.message),
        "durationMs": ms(last.duration_us),
        "billedDurationMs": invocation.billed_ms(),
        "memorySizeMb": last.memory_mib,
        "maxMemoryUsedMb": last.max_memory_mib,
        "gbSeconds": invocation.gb_seconds(),
        "initDurationMs": last.init_us().map(ms),
        "coldStartReason": last.cold_start_reason,
        "startPath": last.start_path,
        "attempts": last.attempt,
        "logGroup": last.log_group,
        "logStream": last.log_stream,
    })
}

fn detail(invocation: &Invocation, texts: KeptTexts, setting: Value) -> Value {
    let last = invocation.last();
    let mut detail = summary(invocation);
    detail["event"] = json!(texts.event);
    detail["response"] = json!(texts.response);
    detail["eventBytes"] = json!(last.event_bytes);
    detail["responseBytes"] = json!(last.response_bytes);
    detail["error"] = last.failure.as_ref().map_or(Value::Null, error);
    detail["runs"] = invocation.runs().iter().map(run).collect();
    detail["recording"] = setting;
    detail
}

fn error(failure: &Failure) -> Value {
    json!({
        "errorType": failure.error_type,
        "errorMessage": failure.message,
        "stackTrace": failure.stack_trace,
    })
}

fn run(run: &Run) -> Value {
    let failure = run.failure.as_ref();
    let phase = |phase: &Phase| json!({ "name": phase.name, "startMs": ms(phase.start_us), "durationMs": ms(phase.duration_us) });
    json!({
        "attempt": run.attempt,
        "startedAt": run.started_ms,
        "endedAt": run.ended_ms,
        "status": run.status,
        "version": run.version,
        "sandbox": run.sandbox,
        "coldStartReason": run.cold_start_reason,
        "startPath": run.start_path,
        "phases": run.phases.iter().map(phase).collect::<Vec<_>>(),
        "durationMs": ms(run.duration_us),
        "billedDurationMs": run.billed_ms,
        "maxMemoryUsedMb": run.max_memory_mib,
        "logStream": run.log_stream,
        "errorType": failure.map(|failure| &failure.error_type),
        "errorMessage": failure.map(|failure| &failure.message),
    })
}

fn ms(us: u64) -> f64 {
    us as f64 / 1_000.0
}

fn parse(identity: &Identity, query: &str) -> Result<Query, AwsError> {
    let mut parsed = Query {
        account: identity.account.clone(),
        region: identity.region.clone(),
        function: None,
        order: Order::default(),
        failed: false,
        from_ms: i64::MIN,
        to_ms: i64::MAX,
        after: None,
        limit: DEFAULT_LIMIT,
    };
    let mut next = String::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = percent_decode_str(value).decode_utf8_lossy().into_owned();
        let expected = |what: &str| invalid(format!("'{value}' at '{name}' must be {what}"));
        let time = || {
            value
                .parse::<i64>()
                .map_err(|_| expected("milliseconds since the epoch"))
        };
        match name {
            "function" => {
                let reference = Reference::parse(&value);
                let reference = reference.ok_or_else(|| expected("a function's name"))?;
                parsed.function = Some(reference.name.to_owned());
            }
            "order" => {
                parsed.order = match value.as_str() {
                    "recent" => Order::Recent,
                    "expensive" => Order::Expensive,
                    _ => return Err(expected("recent or expensive")),
                }
            }
            "status" => {
                parsed.failed = match value.as_str() {
                    "all" => false,
                    "failed" => true,
                    _ => return Err(expected("all or failed")),
                }
            }
            "start" => parsed.from_ms = time()?,
            "end" => parsed.to_ms = time()?,
            "limit" => {
                let limit = value.parse().ok();
                let limit = limit.filter(|limit| (1..=MAX_LIMIT).contains(limit));
                parsed.limit =
                    limit.ok_or_else(|| expected(&format!("a number from 1 to {MAX_LIMIT}")))?;
            }
            "next" => next = value,
            _ => {
                return Err(invalid(format!(
                    "unknown parameter '{name}': function, order, status, start, end, limit, next are known"
                )));
            }
        }
    }
    if !next.is_empty() {
        let after = Place::of_token(&next, parsed.order);
        parsed.after = Some(
            after
                .ok_or_else(|| invalid("'next' is no token of a list in this order".to_owned()))?,
        );
    }
    Ok(parsed)
}

fn invalid(message: String) -> AwsError {
    let message = format!("1 validation error detected: {message}");
    AwsError::new("ValidationException", 400, message)
}

fn store_fault(error: &crate::store::StoreError) -> AwsError {
    tracing::error!(%error, "read invocation records");
    AwsError::new("ServiceException", 500, error.to_string())
        .capital_message()
        .with("Type", "Service")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(query: &str) -> Result<Query, AwsError> {
        let identity = Identity {
            account: "000000000000".into(),
            region: "us-east-1".into(),
            access_key: String::new(),
        };
        parse(&identity, query)
    }

    #[test]
    fn the_query_is_closed_and_bounded() {
        let query =
            parsed("function=f&order=expensive&status=failed&start=1&end=2&limit=100&next=");
        let query = query.unwrap();
        assert_eq!(
            (query.function.as_deref(), query.order),
            (Some("f"), Order::Expensive)
        );
        assert_eq!((query.failed, query.from_ms, query.to_ms), (true, 1, 2));
        assert_eq!((query.limit, query.after), (100, None));
        assert_eq!(parsed("").unwrap().limit, DEFAULT_LIMIT);
        for wrong in [
            "limit=0",
            "limit=101",
            "limit=x",
            "order=cheap",
            "status=good",
            "start=now",
            "end=1.5",
            "next=abc",
            "more=1",
            "function=",
            "function=a%20b",
        ] {
            let refused = parsed(wrong).unwrap_err();
            assert_eq!(
                (refused.code, refused.status),
                ("ValidationException", 400),
                "{wrong}"
            );
        }
    }
}
