//! hearth's own small REST, for what AWS has no API for: blueprints, sample events, one-call deploys, saved test
//! events, and what the host and the warm pool are.
//!
//! One file per route; errors have the shape of AWS's. Only `route` knows methods and paths.

mod blueprints;
mod code;
mod deploy;
mod health;
mod host;
mod invocations;
mod network;
mod package;
mod recording;
mod route;
mod sandboxes;
mod test_events;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{Method, Request, Response, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::Services;
use crate::auth::Identity;
use crate::protocol::{AwsError, rest_json};
use route::{Route, allowed, route};

/// Answers a request whose path starts with `/hearth/`.
pub async fn handle(
    request: Request<Bytes>,
    identity: Identity,
    services: &Services,
) -> Response<Bytes> {
    let (parts, body) = request.into_parts();
    let segments: Vec<String> = parts
        .uri
        .path()
        .split('/')
        .filter(|segment| !segment.is_empty())
        .skip(1)
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let query = parts.uri.query().unwrap_or("");
    let Some(route) = route(&parts.method, &segments) else {
        return match &allowed(&segments)[..] {
            [] => {
                rest_json::encode_error(&not_found(format!("no such path: {}", parts.uri.path())))
            }
            allowed => wrong_method(allowed),
        };
    };
    answer(route, &identity, query, body, services)
        .await
        .unwrap_or_else(|error| rest_json::encode_error(&error))
}

async fn answer(
    route: Route<'_>,
    identity: &Identity,
    query: &str,
    body: Bytes,
    services: &Services,
) -> Result<Response<Bytes>, AwsError> {
    let value = match route {
        Route::Blueprints => blueprints::list(),
        Route::Blueprint(id) => blueprints::get(id)?,
        Route::SampleEvents => blueprints::events(),
        Route::Health => health::health(services),
        Route::Version => json!({
            "version": env!("CARGO_PKG_VERSION"),
            "account": identity.account,
            "region": identity.region,
        }),
        Route::Deploy(name) => deploy::put(identity, name, query, body, services).await?,
        Route::Invocations => invocations::list(identity, query, services).await?,
        Route::Invocation(id) => invocations::get(identity, id, services).await?,
        Route::Recording(name) => recording::get(identity, name, services)?,
        Route::PutRecording(name) => recording::put(identity, name, &body, services).await?,
        Route::Network(name) => network::get(identity, name, services)?,
        Route::PutNetwork(name) => network::put(identity, name, &body, services).await?,
        Route::Host => host::host(services),
        Route::Sandboxes => sandboxes::list(identity, services).await,
        Route::RetireSandbox(id) => sandboxes::retire(identity, id, services).await?,
        Route::TestEvents(name) => test_events::list(identity, name, services).await?,
        Route::PutTestEvent(name, event) => {
            test_events::put(identity, name, event, &body, services).await?
        }
        Route::DeleteTestEvent(name, event) => {
            test_events::delete(identity, name, event, services).await?
        }
        Route::Code(token) => {
            let zip = code::get(token, services).await?;
            return Ok(respond(StatusCode::OK, "application/zip", zip));
        }
    };
    Ok(json_response(StatusCode::OK, &value))
}

fn not_found(message: String) -> AwsError {
    AwsError::new("ResourceNotFoundException", 404, message)
        .capital_message()
        .with("Type", "User")
}

fn wrong_method(allowed: &[Method]) -> Response<Bytes> {
    let names: Vec<&str> = allowed.iter().map(Method::as_str).collect();
    let message = format!("only {} is answered here", names.join(" and "));
    let error = AwsError::new("MethodNotAllowedException", 405, message);
    let mut response = rest_json::encode_error(&error);
    let allowed = http::HeaderValue::from_str(&names.join(", "))
        .expect("methods' names are a valid header value");
    response.headers_mut().insert(ALLOW, allowed);
    response
}

fn json_response(status: StatusCode, value: &Value) -> Response<Bytes> {
    respond(status, "application/json", Bytes::from(value.to_string()))
}

fn respond(status: StatusCode, content_type: &'static str, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let content_type = http::HeaderValue::from_static(content_type);
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_awss_shape() {
        let response = rest_json::encode_error(&not_found("gone".into()));
        assert_eq!(response.status(), 404);
        assert_eq!(
            response.headers()["x-amzn-errortype"],
            "ResourceNotFoundException"
        );
        assert_eq!(&response.body()[..], br#"{"Message":"gone","Type":"User"}"#);
    }

    #[test]
    fn a_wrong_method_names_the_right_one() {
        let response = wrong_method(&[Method::GET, Method::PUT]);
        assert_eq!(
            (response.status().as_u16(), &response.headers()[ALLOW]),
            (405, &"GET, PUT".parse().unwrap())
        );
    }
}
