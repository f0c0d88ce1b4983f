//! REST with JSON bodies (Lambda): members travel in path, query, headers and body, as the model says.
//! <https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html>

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::model::{Kind, Location, Member, Model, OperationModel};
use super::{AwsError, Input, Output, unreadable, value};

/// Where the parts of a request lie.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    /// The path's labels: member name and decoded value.
    pub labels: &'a [(&'a str, String)],
    /// The query, without `?`.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
}

/// Reads a request.
///
/// # Errors
/// A body that is no JSON object, a text that is not what its member is.
pub fn decode(
    model: &Model,
    operation: &OperationModel,
    parts: Parts<'_>,
    body: Bytes,
) -> Result<Input, AwsError> {
    let Some(structure) = model.structure(operation.input) else {
        return Ok(Input::default());
    };
    let mut payload = Bytes::new();
    let mut members = Map::new();
    match structure.payload.map(|index| &structure.members[index]) {
        Some(member) if matches!(model.shape(member.shape).kind, Kind::Blob) => payload = body,
        Some(member) => {
            if !body.is_empty() {
                members.insert(member.name.clone(), value::from_json(&body)?);
            }
        }
        None if body.is_empty() => {}
        None => {
            let Value::Object(found) = value::from_json(&body)? else {
                return Err(unreadable("the body must be a JSON object"));
            };
            members = found;
        }
    }
    for member in &structure.members {
        let text = match member.location {
            Location::Body | Location::StatusCode => continue,
            Location::Uri => parts
                .labels
                .iter()
                .find(|(name, _)| *name == member.wire_name)
                .map(|(_, value)| value.clone()),
            Location::Header => parts
                .headers
                .get(member.wire_name.as_str())
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
            Location::QueryString => {
                let values = query_values(parts.query, &member.wire_name);
                match &model.shape(member.shape).kind {
                    Kind::List(_) if !values.is_empty() => {
                        members.insert(member.name.clone(), json!(values));
                        continue;
                    }
                    _ => values.into_iter().next(),
                }
            }
        };
        // What the body says under such a member's name is not meant.
        members.remove(&member.name);
        if let Some(text) = text {
            members.insert(member.name.clone(), typed(model, member, text)?);
        }
    }
    Ok(Input {
        members: Value::Object(members),
        payload,
    })
}

/// Every value of `name` in a query, decoded.
fn query_values(query: &str, name: &str) -> Vec<String> {
    let decode = |text: &str| {
        percent_decode_str(&text.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
    };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .filter_map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key) == name).then(|| decode(value))
        })
        .collect()
}

fn typed(model: &Model, member: &Member, text: String) -> Result<Value, AwsError> {
    let unfit = |wanted: &str| unreadable(format!("STRING_VALUE can not be converted to {wanted}"));
    Ok(match model.shape(member.shape).kind {
        Kind::Integer => text.parse::<i64>().map_err(|_| unfit("an Integer"))?.into(),
        Kind::Double => text.parse::<f64>().map_err(|_| unfit("a Double"))?.into(),
        Kind::Boolean => text
            .to_ascii_lowercase()
            .parse::<bool>()
            .map_err(|_| unfit("a Boolean"))?
            .into(),
        _ => text.into(),
    })
}

/// Writes a good answer.
pub fn encode(model: &Model, operation: &OperationModel, output: Output) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    let mut status = operation.status;
    let mut members = match output.members {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    let structure = model.structure(operation.output);
    for member in structure.iter().flat_map(|structure| &structure.members) {
        match member.location {
            Location::StatusCode => {
                let given = members
                    .remove(&member.name)
                    .and_then(|value| value.as_u64());
                status = given
                    .and_then(|given| u16::try_from(given).ok())
                    .unwrap_or(status);
            }
            Location::Header => {
                if let Some(value) = members.remove(&member.name) {
                    let text = value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_owned);
                    insert(response.headers_mut(), &member.wire_name, &text);
                }
            }
            _ => {}
        }
    }
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let has_body = structure.is_some() && status != 204;
    let body = match (output.payload, structure.and_then(|found| found.payload)) {
        (Some(payload), _) => payload,
        (None, Some(_)) => Bytes::new(),
        (None, None) if has_body => Bytes::from(Value::Object(members).to_string()),
        (None, None) => Bytes::new(),
    };
    if !body.is_empty() {
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(CONTENT_TYPE, json);
    }
    *response.body_mut() = body;
    response
}

fn insert(headers: &mut HeaderMap, name: &str, value: &str) {
    let name = HeaderName::from_bytes(name.as_bytes());
    if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
        headers.insert(name, value);
    }
}

/// Writes an error.
pub fn encode_error(error: &AwsError) -> Response<Bytes> {
    let mut body = error.members.clone();
    body.insert(error.message_member.to_owned(), json!(error.message));
    let mut response = Response::new(Bytes::from(Value::Object(body).to_string()));
    *response.status_mut() =
        StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert("x-amzn-errortype", HeaderValue::from_static(error.code));
    response
}

#[cfg(test)]
mod tests {
    use super::super::model::tests::lambda;
    use super::*;

    fn decoded(operation: &str, query: &str, body: &'static [u8]) -> Result<Input, AwsError> {
        let model = lambda();
        let mut headers = HeaderMap::new();
        headers.insert("x-amz-log-type", HeaderValue::from_static("Tail"));
        let parts = Parts {
            labels: &[
                ("FunctionName", "f:live".to_owned()),
                ("Resource", "arn".to_owned()),
            ],
            query,
            headers: &headers,
        };
        let operation = model.operation(operation).unwrap();
        decode(&model, operation, parts, Bytes::from_static(body))
    }

    #[test]
    fn members_come_from_where_the_model_says() {
        let invoke = decoded("Invoke", "Qualifier=a%20b", b"not json").unwrap();
        assert_eq!(
            invoke.members,
            json!({"FunctionName": "f:live", "LogType": "Tail", "Qualifier": "a b"})
        );
        assert_eq!(invoke.payload, &b"not json"[..]);
        let list = decoded("ListFunctions", "MaxItems=7&Marker=", b"").unwrap();
        assert_eq!(list.members, json!({"MaxItems": 7, "Marker": ""}));
        let untag = decoded("UntagResource", "tagKeys=a&tagKeys=b", b"").unwrap();
        assert_eq!(
            untag.members,
            json!({"Resource": "arn", "TagKeys": ["a", "b"]})
        );
        assert!(decoded("ListFunctions", "MaxItems=x", b"").is_err());
        assert!(decoded("CreateFunction", "", b"[1]").is_err());
        assert!(decoded("CreateFunction", "", b"{").is_err());
    }

    #[test]
    fn an_output_goes_where_the_model_says() {
        let model = lambda();
        let members = json!({"StatusCode": 200, "ExecutedVersion": "7"});
        let payload = Some(Bytes::from_static(b"{}"));
        let invoke = model.operation("Invoke").unwrap();
        let response = encode(&model, invoke, Output { members, payload });
        assert_eq!(response.headers()["x-amz-executed-version"], "7");
        assert_eq!(
            (response.status().as_u16(), &response.body()[..]),
            (200, &b"{}"[..])
        );
        let get = model.operation("GetFunctionConcurrency").unwrap();
        assert_eq!(&encode(&model, get, Output::default()).body()[..], b"{}");
        let delete = model.operation("DeleteAlias").unwrap();
        let response = encode(&model, delete, Output::default());
        assert_eq!(
            (response.status().as_u16(), response.body().len()),
            (204, 0)
        );
    }
}
