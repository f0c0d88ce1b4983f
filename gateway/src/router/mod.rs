//! A request's head → what answers it: an [`Operation`], its model and its wire protocol. No strings past this point.
//!
//! One port for all services: REST paths are Lambda's; `X-Amz-Target`, a form's version, or the path of an RPC name the others.

mod rest;
mod service;

use std::sync::LazyLock;

use http::header::CONTENT_TYPE;
use http::{Method, request};

use crate::console;
use crate::protocol::AwsError;
use crate::protocol::model::OperationModel;
use crate::protocol::query::Form;

pub use rest::Label;
pub use service::{Operation, Service};

static LAMBDA_ROUTES: LazyLock<rest::Routes> =
    LazyLock::new(|| rest::Routes::of(Service::Lambda.model()));

/// Reads the model that every path needs, so that no request waits for it.
pub fn prepare() {
    LazyLock::force(&LAMBDA_ROUTES);
}

/// How a request and its answer are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// Paths, headers, JSON.
    RestJson,
    /// JSON behind `X-Amz-Target`, under this content type.
    AwsJson(&'static str),
    /// CBOR.
    RpcCbor,
    /// Forms and XML.
    Query,
}

/// What answers a request.
#[derive(Debug)]
pub enum Destination {
    /// The web console.
    Console,
    /// hearth's own REST.
    Hearth,
    /// The Prometheus text.
    Prometheus,
    /// An operation of AWS's.
    Operation(Matched),
    /// An operation that the form in the body names.
    Form(Service),
}

/// An operation that was found.
#[derive(Debug)]
pub struct Matched {
    /// The service.
    pub service: Service,
    /// What the model says of it.
    pub model: &'static OperationModel,
    /// What answers it; `None` when hearth does not have it.
    pub operation: Option<Operation>,
    /// How it is written.
    pub wire: Wire,
    /// The labels of a REST path.
    pub labels: Vec<Label>,
}

/// A request that nothing answers, and how to say so.
#[derive(Debug)]
pub struct Unrouted {
    /// The service that would have been asked.
    pub service: Service,
    /// How to write the error.
    pub wire: Wire,
    /// The error.
    pub error: AwsError,
}

/// Finds what answers a request; `signed_for` is the service of its signature.
///
/// # Errors
/// Nothing does.
pub fn route(parts: &request::Parts, signed_for: Option<&str>) -> Result<Destination, Unrouted> {
    let path = parts.uri.path();
    if console::is_asked(parts) {
        return Ok(Destination::Console);
    }
    if path == "/metrics" {
        return Ok(Destination::Prometheus);
    }
    if path.starts_with("/hearth/") {
        return Ok(Destination::Hearth);
    }
    if let Some(rest) = path.strip_prefix("/service/") {
        return rpc(rest).map(Destination::Operation);
    }
    if parts.method == Method::POST && path == "/" {
        return post(parts, signed_for);
    }
    let query = parts.uri.query().unwrap_or("");
    match LAMBDA_ROUTES.find(parts.method.as_str(), path, query) {
        Some((model, labels)) => Ok(Destination::Operation(Matched {
            labels,
            ..matched(Service::Lambda, model, Wire::RestJson)
        })),
        None => {
            let message = format!("no operation has the route {} {path}", parts.method);
            Err(unknown(Service::Lambda, Wire::RestJson, message))
        }
    }
}

/// The operation that a form names.
///
/// # Errors
/// The form names none that the service has.
pub fn form_operation(service: Service, form: &Form) -> Result<Matched, Unrouted> {
    let action = form.get("Action").map_or("", String::as_str);
    match service.model().operation(action) {
        Some(model) => Ok(matched(service, model, Wire::Query)),
        None => {
            let message = format!("Could not find operation {action}");
            let error = AwsError::new("InvalidAction", 400, message);
            Err(Unrouted {
                service,
                wire: Wire::Query,
                error,
            })
        }
    }
}

fn matched(service: Service, model: &'static OperationModel, wire: Wire) -> Matched {
    Matched {
        service,
        operation: Operation::named(service, &model.name),
        model,
        wire,
        labels: Vec::new(),
    }
}

fn unknown(service: Service, wire: Wire, message: String) -> Unrouted {
    Unrouted {
        service,
        wire,
        error: AwsError::new("UnknownOperationException", 404, message),
    }
}

/// `/service/GraniteServiceVersion20100801/operation/GetMetricData`
fn rpc(path: &str) -> Result<Matched, Unrouted> {
    let (target, name) = path.split_once("/operation/").unwrap_or((path, ""));
    match targeted(target, name) {
        (Some(service), Some(model)) => Ok(matched(service, model, Wire::RpcCbor)),
        (service, _) => Err(unknown(
            service.unwrap_or(Service::CloudWatch),
            Wire::RpcCbor,
            format!("no service has the operation {path}"),
        )),
    }
}

/// The service with this target prefix, and its operation with this name.
fn targeted(prefix: &str, name: &str) -> (Option<Service>, Option<&'static OperationModel>) {
    let has_prefix = |service: &Service| service.model().target_prefix.as_deref() == Some(prefix);
    let service = service::ALL.into_iter().find(has_prefix);
    (
        service,
        service.and_then(|service| service.model().operation(name)),
    )
}

fn post(parts: &request::Parts, signed_for: Option<&str>) -> Result<Destination, Unrouted> {
    let header = |name: &str| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let content_type = header(CONTENT_TYPE.as_str()).unwrap_or("");
    if let Some(target) = header("x-amz-target") {
        return json(target, content_type).map(Destination::Operation);
    }
    if content_type.starts_with("application/x-www-form-urlencoded")
        && let Some(service) = signed_for.and_then(Service::signed_as)
    {
        return Ok(Destination::Form(service));
    }
    Err(unknown(
        Service::Lambda,
        Wire::RestJson,
        "a POST to / needs X-Amz-Target, or a form and a signature that names its service"
            .to_owned(),
    ))
}

fn json(target: &str, content_type: &str) -> Result<Matched, Unrouted> {
    let wire = Wire::AwsJson(match content_type {
        "application/x-amz-json-1.1" => "application/x-amz-json-1.1",
        _ => "application/x-amz-json-1.0",
    });
    let (prefix, name) = target.split_once('.').unwrap_or((target, ""));
    match targeted(prefix, name) {
        (Some(service), Some(model)) => Ok(matched(service, model, wire)),
        (service, _) => Err(unknown(
            service.unwrap_or(Service::Logs),
            wire,
            format!("no service has the operation {target}"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn to(
        request: http::request::Builder,
        signed_for: Option<&str>,
    ) -> Result<Destination, Unrouted> {
        route(&request.body(()).unwrap().into_parts().0, signed_for)
    }

    fn name(destination: Result<Destination, Unrouted>) -> (String, Wire) {
        match destination.unwrap() {
            Destination::Operation(found) => (found.model.name.clone(), found.wire),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_protocol_finds_its_operation() {
        let json = Request::post("/").header("x-amz-target", "Logs_20140328.GetLogEvents");
        let json = json.header("content-type", "application/x-amz-json-1.1");
        assert_eq!(
            name(to(json, None)),
            (
                "GetLogEvents".into(),
                Wire::AwsJson("application/x-amz-json-1.1")
            )
        );
        let cbor = Request::post("/service/GraniteServiceVersion20100801/operation/GetMetricData");
        assert_eq!(
            name(to(cbor, None)),
            ("GetMetricData".into(), Wire::RpcCbor)
        );
        let rest = Request::post("/2015-03-31/functions/f/invocations");
        assert_eq!(name(to(rest, None)), ("Invoke".into(), Wire::RestJson));
        let form = Request::post("/").header(
            "content-type",
            "application/x-www-form-urlencoded; charset=utf-8",
        );
        assert!(matches!(
            to(form, Some("sts")),
            Ok(Destination::Form(Service::Sts))
        ));
    }

    #[test]
    fn what_hearth_lacks_is_found_but_not_answered() {
        let Ok(Destination::Operation(found)) = to(Request::get("/2018-10-31/layers"), None) else {
            panic!("ListLayers is in the model")
        };
        assert_eq!(
            (found.model.name.as_str(), found.operation),
            ("ListLayers", None)
        );
        assert!(to(Request::get("/"), None).is_err());
        assert!(to(Request::post("/"), Some("lambda")).is_err());
        let form = Form::from([("Action".to_owned(), "Nothing".to_owned())]);
        assert!(form_operation(Service::Iam, &form).is_err());
    }
}
