//! JSON behind `X-Amz-Target` (Logs 1.1, CloudWatch 1.0). <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html>

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use serde_json::{Value, json};

use super::model::Model;
use super::{AwsError, Input, Output, unreadable, value};

/// Reads a request.
///
/// # Errors
/// A body that is no JSON object.
pub fn decode(body: &Bytes) -> Result<Input, AwsError> {
    let members = if body.is_empty() {
        json!({})
    } else {
        value::from_json(body)?
    };
    if !members.is_object() {
        return Err(unreadable("the body must be a JSON object"));
    }
    Ok(Input {
        members,
        payload: Bytes::new(),
    })
}

/// Writes a good answer; `content_type` is the request's own.
pub fn encode(output: Output, content_type: &'static str) -> Response<Bytes> {
    let body = match output.members {
        Value::Null => Bytes::from_static(b"{}"),
        members => Bytes::from(members.to_string()),
    };
    respond(StatusCode::OK, body, content_type)
}

/// Writes an error.
pub fn encode_error(
    model: &Model,
    error: &AwsError,
    content_type: &'static str,
) -> Response<Bytes> {
    let mut body = error.members.clone();
    body.insert("__type".to_owned(), json!(error.code));
    body.insert("message".to_owned(), json!(error.message));
    let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = respond(
        status,
        Bytes::from(Value::Object(body).to_string()),
        content_type,
    );
    if let Some(value) = query_error(model, error) {
        response.headers_mut().insert("x-amzn-query-error", value);
    }
    response
}

/// The code of an error in the query protocol, for clients that know the service by it.
/// <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#x-amzn-query-error>
pub(super) fn query_error(model: &Model, error: &AwsError) -> Option<HeaderValue> {
    let code = query_code(model, error);
    let fault = if error.status < 500 {
        "Sender"
    } else {
        "Receiver"
    };
    HeaderValue::from_str(&format!("{code};{fault}")).ok()
}

/// An error's code in the query protocol.
pub(super) fn query_code<'a>(model: &'a Model, error: &'a AwsError) -> &'a str {
    let of_shape = model.error(error.code);
    of_shape
        .and_then(|error| error.code.as_deref())
        .unwrap_or(error.code)
}

fn respond(status: StatusCode, body: Bytes, content_type: &'static str) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let content_type = HeaderValue::from_static(content_type);
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

#[cfg(test)]
mod tests {
    use super::super::model::tests::cloudwatch;
    use super::*;

    #[test]
    fn only_objects_are_read() {
        assert_eq!(decode(&Bytes::new()).unwrap().members, json!({}));
        assert!(decode(&Bytes::from_static(b"[]")).is_err());
        assert!(decode(&Bytes::from_static(b"{")).is_err());
    }

    #[test]
    fn an_error_has_its_older_code_too() {
        let error = AwsError::new("InvalidParameterValueException", 400, "no");
        let response = encode_error(&cloudwatch(), &error, "application/x-amz-json-1.0");
        assert_eq!(
            response.headers()["x-amzn-query-error"],
            "InvalidParameterValue;Sender"
        );
        assert_eq!(
            &response.body()[..],
            br#"{"__type":"InvalidParameterValueException","message":"no"}"#
        );
    }
}
