//! Forms in, XML out (CloudWatch of older SDKs, IAM, STS). <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html>
//!
//! `Dimensions.member.1.Name=x` is a path: structures by member name, lists by `member.N` from 1, maps by `entry.N.key` and `.value`.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use percent_encoding::percent_decode_str;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use serde_json::{Map, Number, Value};

use super::aws_json::query_code;
use super::model::{Kind, Model, OperationModel, ShapeId};
use super::timestamp::iso8601;
use super::{AwsError, Input, MAX_VALUES, Output, unreadable};

/// Nesting of a form's paths at most.
const MAX_DEPTH: usize = 32;

/// A form's fields by their decoded names.
pub type Form = BTreeMap<String, String>;

/// Reads a form.
///
/// # Errors
/// More fields than are read.
pub fn form(body: &[u8]) -> Result<Form, AwsError> {
    let text = String::from_utf8_lossy(body);
    let decode = |part: &str| {
        percent_decode_str(&part.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
    };
    let mut form = Form::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        if form.len() >= MAX_VALUES {
            return Err(unreadable(format!(
                "the form has more than {MAX_VALUES} fields"
            )));
        }
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        form.insert(decode(name), decode(value));
    }
    Ok(form)
}

/// Reads an operation's members from a form.
///
/// # Errors
/// A text that is not what its member is.
pub fn decode(model: &Model, operation: &OperationModel, form: &Form) -> Result<Input, AwsError> {
    let members = match operation.input {
        Some(shape) => read(model, shape, form, "", 0)?.unwrap_or(Value::Object(Map::new())),
        None => Value::Object(Map::new()),
    };
    Ok(Input {
        members,
        payload: Bytes::new(),
    })
}

/// The value under `path`, if the form has one.
fn read(
    model: &Model,
    shape: ShapeId,
    form: &Form,
    path: &str,
    depth: usize,
) -> Result<Option<Value>, AwsError> {
    if depth > MAX_DEPTH {
        return Err(unreadable("the form is nested too deeply"));
    }
    let below = |part: &str| {
        if path.is_empty() {
            part.to_owned()
        } else {
            format!("{path}.{part}")
        }
    };
    match &model.shape(shape).kind {
        Kind::Structure(structure) => {
            let mut members = Map::new();
            for member in &structure.members {
                let path = below(&member.name);
                // A recursive shape ends where the form does.
                if !has(form, &path) {
                    continue;
                }
                if let Some(value) = read(model, member.shape, form, &path, depth + 1)? {
                    members.insert(member.name.clone(), value);
                }
            }
            let present = !members.is_empty();
            Ok(present.then_some(Value::Object(members)))
        }
        Kind::List(element) => {
            let mut items = Vec::new();
            loop {
                let path = below(&format!("member.{}", items.len() + 1));
                if !has(form, &path) {
                    break;
                }
                let item = read(model, *element, form, &path, depth + 1)?;
                items.push(item.unwrap_or(Value::Object(Map::new())));
            }
            // `Names=` is how an empty list is sent.
            let present = !items.is_empty() || form.contains_key(path);
            Ok(present.then_some(Value::Array(items)))
        }
        Kind::Map { value: element, .. } => {
            let mut entries = Map::new();
            for number in 1.. {
                let Some(key) = form.get(&below(&format!("entry.{number}.key"))) else {
                    break;
                };
                let path = below(&format!("entry.{number}.value"));
                let value = read(model, *element, form, &path, depth + 1)?;
                entries.insert(key.clone(), value.unwrap_or(Value::Null));
            }
            let present = !entries.is_empty();
            Ok(present.then_some(Value::Object(entries)))
        }
        kind => match form.get(path) {
            Some(text) => typed(kind, text, path).map(Some),
            None => Ok(None),
        },
    }
}

/// Whether the form has a field at or below `path`.
fn has(form: &Form, path: &str) -> bool {
    let below = format!("{path}.");
    form.contains_key(path)
        || form
            .range(below.clone()..)
            .next()
            .is_some_and(|(name, _)| name.starts_with(&below))
}

fn typed(kind: &Kind, text: &str, path: &str) -> Result<Value, AwsError> {
    let unfit = |wanted: &str| {
        AwsError::new(
            "MalformedInput",
            400,
            format!("{path} must be {wanted}, not '{text}'"),
        )
    };
    Ok(match kind {
        Kind::Integer => text
            .parse::<i64>()
            .map_err(|_| unfit("a whole number"))?
            .into(),
        Kind::Double => text
            .parse::<f64>()
            .ok()
            .and_then(Number::from_f64)
            .map(Value::Number)
            .ok_or_else(|| unfit("a number"))?,
        Kind::Boolean => match text {
            "true" => true.into(),
            "false" => false.into(),
            _ => return Err(unfit("true or false")),
        },
        _ => text.into(),
    })
}

/// Writes a good answer.
pub fn encode(
    model: &Model,
    operation: &OperationModel,
    output: &Output,
    request_id: &str,
) -> Response<Bytes> {
    let root = format!("{}Response", operation.name);
    let mut xml = Xml::start(&root, &model.xml_namespace);
    if let (Some(shape), Some(wrapper)) = (operation.output, &operation.result_wrapper) {
        xml.element(wrapper, |xml| {
            xml.members(model, shape, &output.members, 0);
        });
    }
    xml.element("ResponseMetadata", |xml| xml.text("RequestId", request_id));
    respond(StatusCode::OK, xml.end(&root))
}

/// Writes an error.
pub fn encode_error(model: &Model, error: &AwsError, request_id: &str) -> Response<Bytes> {
    let fault = if error.status < 500 {
        "Sender"
    } else {
        "Receiver"
    };
    let mut xml = Xml::start("ErrorResponse", &model.xml_namespace);
    xml.element("Error", |xml| {
        xml.text("Type", fault);
        xml.text("Code", query_code(model, error));
        xml.text("Message", &error.message);
    });
    xml.text("RequestId", request_id);
    let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    respond(status, xml.end("ErrorResponse"))
}

fn respond(status: StatusCode, body: Vec<u8>) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    let xml = HeaderValue::from_static("text/xml");
    response.headers_mut().insert(CONTENT_TYPE, xml);
    response
}

/// XML being written into memory, which cannot fail.
struct Xml {
    writer: Writer<Vec<u8>>,
}

impl Xml {
    fn start(root: &str, namespace: &str) -> Self {
        let mut xml = Self {
            writer: Writer::new(Vec::new()),
        };
        xml.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        xml.event(Event::Start(
            BytesStart::new(root).with_attributes([("xmlns", namespace)]),
        ));
        xml
    }

    fn end(mut self, root: &str) -> Vec<u8> {
        self.event(Event::End(BytesEnd::new(root)));
        self.writer.into_inner()
    }

    fn event(&mut self, event: Event<'_>) {
        self.writer
            .write_event(event)
            .expect("writing into memory cannot fail");
    }

    fn element(&mut self, name: &str, content: impl FnOnce(&mut Self)) {
        self.event(Event::Start(BytesStart::new(name)));
        content(self);
        self.event(Event::End(BytesEnd::new(name)));
    }

    fn text(&mut self, name: &str, text: &str) {
        // XML 1.0 has no way to write other control characters.
        let clean: String = text
            .chars()
            .filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r'))
            .collect();
        self.element(name, |xml| xml.event(Event::Text(BytesText::new(&clean))));
    }

    fn members(&mut self, model: &Model, shape: ShapeId, value: &Value, depth: usize) {
        let (Some(structure), Value::Object(members)) = (model.structure(Some(shape)), value)
        else {
            return;
        };
        for member in &structure.members {
            if let Some(value) = members.get(&member.name).filter(|value| !value.is_null()) {
                self.value(model, &member.name, member.shape, value, depth + 1);
            }
        }
    }

    fn value(&mut self, model: &Model, name: &str, shape: ShapeId, value: &Value, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        match (&model.shape(shape).kind, value) {
            (Kind::Structure(_), _) => {
                self.element(name, |xml| xml.members(model, shape, value, depth));
            }
            (Kind::List(element), Value::Array(items)) => self.element(name, |xml| {
                for item in items {
                    xml.value(model, "member", *element, item, depth + 1);
                }
            }),
            (Kind::Map { value: element, .. }, Value::Object(entries)) => {
                self.element(name, |xml| {
                    for (key, entry) in entries {
                        xml.element("entry", |xml| {
                            xml.text("key", key);
                            xml.value(model, "value", *element, entry, depth + 1);
                        });
                    }
                });
            }
            (Kind::Timestamp, Value::Number(number)) => {
                let time = number.as_f64().and_then(iso8601);
                self.text(name, &time.unwrap_or_default());
            }
            (_, Value::String(text)) => self.text(name, text),
            (_, value) => self.text(name, &value.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::model::tests::cloudwatch;
    use super::*;

    const FORM: &[u8] = b"Action=GetMetricStatistics&Version=2010-08-01&Namespace=AWS%2FLambda&MetricName=Duration&Period=60\
        &StartTime=2023-11-14T22%3A13%3A20Z&EndTime=1700000060&Dimensions.member.1.Name=FunctionName&Dimensions.member.1.Value=a+b\
        &Statistics.member.1=Sum&Statistics.member.2=Average&ExtendedStatistics=";

    #[test]
    fn a_form_becomes_members() {
        let model = cloudwatch();
        let operation = model.operation("GetMetricStatistics").unwrap();
        let input = decode(&model, operation, &form(FORM).unwrap()).unwrap();
        assert_eq!(
            input.members,
            json!({
                "Namespace": "AWS/Lambda", "MetricName": "Duration", "Period": 60,
                "StartTime": "2023-11-14T22:13:20Z", "EndTime": "1700000060",
                "Dimensions": [{"Name": "FunctionName", "Value": "a b"}],
                "Statistics": ["Sum", "Average"], "ExtendedStatistics": [],
            })
        );
        let wrong = form(b"Period=soon").unwrap();
        assert!(decode(&model, operation, &wrong).is_err());
    }

    #[test]
    fn an_output_becomes_xml() {
        let model = cloudwatch();
        let operation = model.operation("GetMetricStatistics").unwrap();
        let output = Output {
            members: json!({"Label": "a<b", "Datapoints": [{"Timestamp": 1_700_000_000, "Sum": 2.5}]}),
            payload: None,
        };
        let response = encode(&model, operation, &output, "R");
        assert_eq!(
            std::str::from_utf8(response.body()).unwrap(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><GetMetricStatisticsResponse xmlns=\"http://monitoring.amazonaws.com/doc/2010-08-01/\">\
             <GetMetricStatisticsResult><Datapoints><member><Sum>2.5</Sum><Timestamp>2023-11-14T22:13:20Z</Timestamp></member></Datapoints>\
             <Label>a&lt;b</Label></GetMetricStatisticsResult><ResponseMetadata><RequestId>R</RequestId></ResponseMetadata></GetMetricStatisticsResponse>"
        );
    }

    #[test]
    fn an_error_has_the_query_protocols_code() {
        let error = AwsError::new("InvalidParameterValueException", 400, "no");
        let response = encode_error(&cloudwatch(), &error, "R");
        let body = String::from_utf8(response.body().to_vec()).unwrap();
        assert!(
            body.contains("<Code>InvalidParameterValue</Code>"),
            "{body}"
        );
    }

    proptest! {
        #[test]
        fn no_form_makes_it_panic(text in "([A-Z][a-z]{0,6}(\\.member\\.[0-9]{1,3}){0,3}=[ -~]{0,5}&){0,20}") {
            static MODEL: std::sync::LazyLock<Model> = std::sync::LazyLock::new(cloudwatch);
            let operation = MODEL.operation("PutMetricData").unwrap();
            let _ = form(text.as_bytes()).and_then(|form| decode(&MODEL, operation, &form));
        }
    }
}
