//! One request, from its head to its answer: who calls, what is asked, is it as the model says, then the operation.
//!
//! Every answer carries a request id. What is refused is refused in the protocol in which it came. An operation that a client's
//! hanging up must not end midway runs in a task of its own.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{HOST, HeaderValue, ORIGIN};
use http::{Request, Response, request};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::api::{self, Call, Reply, Services};
use crate::auth::{Identity, sigv4};
use crate::console;
use crate::protocol::model::Model;
use crate::protocol::{
    AwsError, Body, Input, Output, aws_json, compression, constraint, event_stream, query,
    rest_json, rpc_cbor,
};
use crate::router::{self, Destination, Matched, Service, Unrouted, Wire};

/// The content type of Prometheus's text: <https://prometheus.io/docs/instrumenting/exposition_formats/>.
const PROMETHEUS_TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What SDKs put before the host of an operation that streams, as AWS's models of different years say.
const HOST_PREFIXES: [&str; 2] = ["stream-", "streaming-"];

/// Answers requests.
pub struct Dispatcher {
    /// What operations work with.
    pub services: Arc<Services>,
    /// The region of callers that name none.
    pub region: String,
    /// Names, beside addresses and `localhost`, under which the endpoint may be called.
    pub host_names: Vec<String>,
    /// The operations that run in tasks of their own.
    pub tasks: TaskTracker,
}

/// A request whose body is not read yet: where it goes, and who sent it.
pub struct Opened {
    parts: request::Parts,
    destination: Destination,
    identity: Identity,
    request_id: String,
}

impl Dispatcher {
    /// Decides on a request by its head alone.
    ///
    /// # Errors
    /// The answer that refuses it.
    pub fn open(&self, parts: request::Parts) -> Result<Opened, Box<Response<Bytes>>> {
        let request_id = Uuid::new_v4().to_string();
        let refuse = |refused: Unrouted| Box::new(refusal(&refused, &request_id));
        let plain = |error| Unrouted {
            service: Service::Lambda,
            wire: Wire::RestJson,
            error,
        };
        check_origin(&parts, &self.host_names).map_err(|error| refuse(plain(error)))?;
        let query = parts.uri.query().unwrap_or("");
        let scope = sigv4::scope(&parts.headers, query).map_err(|error| refuse(plain(error)))?;
        let service = scope.as_ref().map(|scope| scope.service.as_str());
        let destination = router::route(&parts, service).map_err(refuse)?;
        Ok(Opened {
            identity: Identity::of(scope.as_ref(), &self.region),
            parts,
            destination,
            request_id,
        })
    }

    /// Answers an opened request.
    pub async fn answer(&self, opened: Opened, body: Bytes) -> Response<Body> {
        let Opened {
            parts,
            destination,
            identity,
            request_id,
        } = opened;
        let mut response = match destination {
            Destination::Console => console::answer(&parts).map(Body::from),
            Destination::Prometheus => {
                let text = self.services.metrics.prometheus();
                let mut response = Response::new(Bytes::from(text));
                let content_type = HeaderValue::from_static(PROMETHEUS_TEXT);
                response.headers_mut().insert("content-type", content_type);
                response.map(Body::from)
            }
            Destination::Hearth => {
                let request = Request::from_parts(parts, body);
                let services = Arc::clone(&self.services);
                let answer = async move { api::hearth::handle(request, identity, &services).await };
                let answer = self.tasks.spawn(answer).await;
                let response =
                    answer.unwrap_or_else(|error| rest_json::encode_error(&broken(&error)));
                response.map(Body::from)
            }
            Destination::Operation(matched) => {
                let caller = caller(&parts, identity, &request_id);
                self.call(matched, &parts, body, caller).await
            }
            Destination::Form(service) => {
                let caller = caller(&parts, identity, &request_id);
                match named_in_form(service, &body) {
                    Ok(matched) => self.call(matched, &parts, body, caller).await,
                    Err(refused) => refusal(&refused, &request_id).map(Body::from),
                }
            }
        };
        stamp(&mut response, &request_id);
        response
    }

    async fn call(
        &self,
        matched: Matched,
        parts: &request::Parts,
        body: Bytes,
        caller: Call,
    ) -> Response<Body> {
        let request_id = caller.request_id.clone();
        let model = matched.service.model();
        let decoded = decode(&matched, parts, body);
        match self.run(&matched, decoded, caller).await {
            Ok(reply) => encode(model, &matched, reply, &request_id),
            Err(error) => encode_error(model, matched.wire, &error, &request_id).map(Body::from),
        }
    }

    async fn run(
        &self,
        matched: &Matched,
        decoded: Result<Input, AwsError>,
        mut call: Call,
    ) -> Result<Reply, AwsError> {
        let mut input = decoded?;
        let Some(operation) = matched.operation else {
            let name = &matched.model.name;
            let message = format!("hearth does not answer {name}");
            return Err(AwsError::new("NotImplementedException", 501, message));
        };
        let service = matched.service;
        let shape = matched.model.input;
        constraint::check(
            service.model(),
            service.dialect(),
            shape,
            &mut input.members,
        )?;
        call.input = input.members;
        call.payload = input.payload;
        if operation.is_cancel_safe() {
            return operation.handle(call, &self.services).await;
        }
        let services = Arc::clone(&self.services);
        let task = self
            .tasks
            .spawn(async move { operation.handle(call, &services).await });
        task.await.unwrap_or_else(|error| Err(broken(&error)))
    }
}

impl Opened {
    /// What is asked, for a message about the request as a whole.
    pub fn name(&self) -> &str {
        match &self.destination {
            Destination::Operation(matched) => &matched.model.name,
            Destination::Console
            | Destination::Hearth
            | Destination::Prometheus
            | Destination::Form(_) => self.parts.uri.path(),
        }
    }

    /// Whether the body is gzip that is to be inflated: it says so, and what is asked takes that. A form's operation is not known yet.
    pub fn is_compressed(&self) -> bool {
        let takes_gzip = match &self.destination {
            Destination::Operation(matched) => matched.model.takes_gzip,
            Destination::Form(service) => {
                let operations = service.model().operations();
                operations.iter().any(|operation| operation.takes_gzip)
            }
            Destination::Console | Destination::Hearth | Destination::Prometheus => false,
        };
        takes_gzip && compression::is_gzip(&self.parts.headers)
    }

    /// The head.
    pub fn parts(&self) -> &request::Parts {
        &self.parts
    }

    /// The answer that refuses it.
    pub fn refuse(self, error: AwsError) -> Response<Bytes> {
        let (service, wire) = match self.destination {
            Destination::Operation(matched) => (matched.service, matched.wire),
            Destination::Form(service) => (service, Wire::Query),
            Destination::Console | Destination::Hearth | Destination::Prometheus => {
                (Service::Lambda, Wire::RestJson)
            }
        };
        let refused = Unrouted {
            service,
            wire,
            error,
        };
        refusal(&refused, &self.request_id)
    }
}

/// A call of nothing yet, by this caller.
fn caller(parts: &request::Parts, identity: Identity, request_id: &str) -> Call {
    let header = |name: &str| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    Call {
        identity,
        input: serde_json::Value::Null,
        payload: Bytes::new(),
        request_id: request_id.to_owned(),
        endpoint: format!("http://{}", header(HOST.as_str()).unwrap_or("localhost")),
        trace_id: header("x-amzn-trace-id").map(str::to_owned),
    }
}

fn named_in_form(service: Service, body: &[u8]) -> Result<Matched, Unrouted> {
    let form = query::form(body).map_err(|error| Unrouted {
        service,
        wire: Wire::Query,
        error,
    })?;
    router::form_operation(service, &form)
}

fn decode(matched: &Matched, parts: &request::Parts, body: Bytes) -> Result<Input, AwsError> {
    match matched.wire {
        Wire::RestJson => {
            let parts = rest_json::Parts {
                labels: &matched.labels,
                query: parts.uri.query().unwrap_or(""),
                headers: &parts.headers,
            };
            rest_json::decode(matched.service.model(), matched.model, parts, body)
        }
        Wire::AwsJson(_) => aws_json::decode(&body),
        Wire::RpcCbor => rpc_cbor::decode(&body),
        Wire::Query => {
            let form = query::form(&body)?;
            query::decode(matched.service.model(), matched.model, &form)
        }
    }
}

fn encode(model: &Model, matched: &Matched, reply: Reply, request_id: &str) -> Response<Body> {
    if let Some(events) = reply.events {
        return event_stream::respond(events);
    }
    let output = Output {
        members: reply.output,
        payload: reply.payload,
    };
    let response = match matched.wire {
        Wire::RestJson => rest_json::encode(model, matched.model, output),
        Wire::AwsJson(content_type) => aws_json::encode(output, content_type),
        Wire::RpcCbor => rpc_cbor::encode(model, matched.model, output),
        Wire::Query => query::encode(model, matched.model, &output, request_id),
    };
    response.map(Body::from)
}

fn encode_error(model: &Model, wire: Wire, error: &AwsError, request_id: &str) -> Response<Bytes> {
    match wire {
        Wire::RestJson => rest_json::encode_error(error),
        Wire::AwsJson(content_type) => aws_json::encode_error(model, error, content_type),
        Wire::RpcCbor => rpc_cbor::encode_error(model, error),
        Wire::Query => query::encode_error(model, error, request_id),
    }
}

fn refusal(refused: &Unrouted, request_id: &str) -> Response<Bytes> {
    let model = refused.service.model();
    let mut response = encode_error(model, refused.wire, &refused.error, request_id);
    stamp(&mut response, request_id);
    response
}

fn stamp<B>(response: &mut Response<B>, request_id: &str) {
    let value = HeaderValue::from_str(request_id).expect("a UUID is a valid header value");
    response.headers_mut().insert("x-amzn-requestid", value);
}

/// An operation that panicked: our fault, logged here once.
fn broken(error: &tokio::task::JoinError) -> AwsError {
    tracing::error!(%error, "an operation broke off");
    AwsError::new("ServiceException", 500, "An internal error occurred.")
        .capital_message()
        .with("Type", "Service")
}

/// Refuses what a foreign web page could have made a browser send: a name that resolves to this machine (DNS rebinding), or an origin
/// that is not the endpoint itself (cross-site). Addresses cannot be rebound, and `localhost` is always this machine.
fn check_origin(parts: &request::Parts, host_names: &[String]) -> Result<(), AwsError> {
    let text = |value: &HeaderValue| value.to_str().map(str::to_owned).unwrap_or_default();
    let host = match parts.headers.get(HOST) {
        Some(host) => text(host),
        None => parts
            .uri
            .authority()
            .map(ToString::to_string)
            .unwrap_or_default(),
    };
    let refused = |message: String| Err(AwsError::new("AccessDeniedException", 403, message));
    if !is_own_host(&host, host_names) {
        return refused(format!(
            "the request is for host '{host}', which is not this endpoint: call it by its address or localhost, \
             or start hearth with --host-name"
        ));
    }
    match parts.headers.get(ORIGIN).map(text) {
        Some(origin)
            if origin != format!("http://{host}") && origin != format!("https://{host}") =>
        {
            refused(format!(
                "the request comes from a page of another origin: '{origin}'"
            ))
        }
        _ => Ok(()),
    }
}

fn is_own_host(host: &str, host_names: &[String]) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    // SDKs put it before whatever host they are told, for StartLiveTail.
    let name = HOST_PREFIXES
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .unwrap_or(name);
    name.parse::<std::net::IpAddr>().is_ok()
        || name.eq_ignore_ascii_case("localhost")
        || name.to_ascii_lowercase().ends_with(".localhost")
        || host_names.iter().any(|own| name.eq_ignore_ascii_case(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_cannot_be_rebound_are_own() {
        let names = ["hearth.internal".to_owned()];
        for own in [
            "127.0.0.1:7440",
            "localhost",
            "LOCALHOST:1",
            "x.lambda-url.localhost:7440",
            "[::1]:7440",
            "10.0.0.5:7440",
            "hearth.internal:7440",
            "stream-127.0.0.1:7440",
            "stream-localhost",
            "streaming-hearth.internal:7440",
        ] {
            assert!(is_own_host(own, &names), "{own}");
        }
        for foreign in [
            "evil.example",
            "evil.example:7440",
            "",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "stream-localhost.evil.example",
            "stream-stream-localhost",
        ] {
            assert!(!is_own_host(foreign, &names), "{foreign}");
        }
    }

    #[test]
    fn pages_of_other_origins_are_refused() {
        let with_origin = |origin: &str| {
            let request = Request::get("/")
                .header(HOST, "localhost:1")
                .header(ORIGIN, origin);
            check_origin(&request.body(()).unwrap().into_parts().0, &[]).is_ok()
        };
        assert!(with_origin("http://localhost:1"));
        for other in ["http://localhost:2", "null", "https://evil.example"] {
            assert!(!with_origin(other), "{other}");
        }
    }
}
