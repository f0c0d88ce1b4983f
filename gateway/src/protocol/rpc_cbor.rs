//! Smithy RPC v2 with CBOR bodies (CloudWatch of newer SDKs). <https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html>
//!
//! Requests may be maps of indefinite length. Timestamps are epoch seconds under tag 1, blobs are byte strings.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use ciborium::Value as Cbor;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use serde_json::{Map, Value};

use super::aws_json::query_error;
use super::model::{Kind, Model, OperationModel, ShapeId};
use super::value::{self, EPOCH_TAG};
use super::{AwsError, Input, Output, unreadable};

/// Reads a request.
///
/// # Errors
/// A body that is no CBOR map, or holds what JSON cannot.
pub fn decode(body: &Bytes) -> Result<Input, AwsError> {
    let members = if body.is_empty() {
        Value::Object(Map::new())
    } else {
        value::from_cbor(body)?
    };
    if !members.is_object() {
        return Err(unreadable("the body must be a CBOR map"));
    }
    Ok(Input {
        members,
        payload: Bytes::new(),
    })
}

/// Writes a good answer.
pub fn encode(model: &Model, operation: &OperationModel, output: Output) -> Response<Bytes> {
    let cbor = match (operation.output, output.members) {
        (Some(shape), members @ Value::Object(_)) => to_cbor(model, Some(shape), members),
        _ => Cbor::Map(Vec::new()),
    };
    respond(StatusCode::OK, &cbor)
}

/// Writes an error.
pub fn encode_error(model: &Model, error: &AwsError) -> Response<Bytes> {
    let text = |name: &str, value: &str| (Cbor::Text(name.into()), Cbor::Text(value.into()));
    let cbor = Cbor::Map(vec![
        text("__type", error.code),
        text("message", &error.message),
    ]);
    let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = respond(status, &cbor);
    if let Some(value) = query_error(model, error) {
        response.headers_mut().insert("x-amzn-query-error", value);
    }
    response
}

fn to_cbor(model: &Model, shape: Option<ShapeId>, value: Value) -> Cbor {
    let kind = shape.map(|id| &model.shape(id).kind);
    match (kind, value) {
        (Some(Kind::Structure(structure)), Value::Object(members)) => {
            let shape_of = |name: &str| {
                let member = structure.members.iter().find(|member| member.name == name);
                member.map(|member| member.shape)
            };
            Cbor::Map(
                members
                    .into_iter()
                    .filter(|(_, value)| !value.is_null())
                    .map(|(name, value)| {
                        let shape = shape_of(&name);
                        (Cbor::Text(name), to_cbor(model, shape, value))
                    })
                    .collect(),
            )
        }
        (Some(Kind::List(element)), Value::Array(items)) => Cbor::Array(
            items
                .into_iter()
                .map(|item| to_cbor(model, Some(*element), item))
                .collect(),
        ),
        (Some(Kind::Timestamp), Value::Number(number)) => {
            let seconds = number.as_f64().unwrap_or_default();
            Cbor::Tag(EPOCH_TAG, Box::new(Cbor::Float(seconds)))
        }
        (Some(Kind::Double), Value::Number(number)) => {
            Cbor::Float(number.as_f64().unwrap_or_default())
        }
        (Some(Kind::Blob), Value::String(text)) => {
            Cbor::Bytes(BASE64_STANDARD.decode(text).unwrap_or_default())
        }
        (_, value) => Cbor::serialized(&value).unwrap_or(Cbor::Null),
    }
}

fn respond(status: StatusCode, cbor: &Cbor) -> Response<Bytes> {
    let mut body = Vec::new();
    ciborium::into_writer(cbor, &mut body).expect("writing into memory cannot fail");
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/cbor"));
    headers.insert("smithy-protocol", HeaderValue::from_static("rpc-v2-cbor"));
    response
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::model::tests::cloudwatch;
    use super::*;

    #[test]
    fn a_map_of_indefinite_length_is_read() {
        // {_ "Period": 60, "StartTime": 1(1700000000.5)}
        let body =
            b"\xbf\x66Period\x18\x3c\x69StartTime\xc1\xfb\x41\xd9\x54\xfc\x40\x20\x00\x00\xff";
        assert_eq!(
            decode(&Bytes::from_static(body)).unwrap().members,
            json!({"Period": 60, "StartTime": 1_700_000_000.5})
        );
    }

    #[test]
    fn an_output_has_the_models_types() {
        let model = cloudwatch();
        let operation = model.operation("GetMetricStatistics").unwrap();
        let members = json!({"Label": "M", "Datapoints": [{"Timestamp": 1_700_000_000, "Sum": 2, "Unit": "Count"}]});
        let output = Output {
            members: members.clone(),
            payload: None,
        };
        let response = encode(&model, operation, output);
        let cbor: Cbor = ciborium::from_reader(&response.body()[..]).unwrap();
        let text = format!("{cbor:?}");
        assert!(text.contains("Tag(1, Float(1700000000.0))"), "{text}");
        assert!(text.contains("Float(2.0)"), "{text}");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&Bytes::from(bytes));
        }
    }
}
