//! AWS's service models as data: operations, their routes, and the shapes of what goes in and out.
//!
//! A model is read once from the embedded JSON, names resolved to indices; after that it never changes.
//! Format: <https://github.com/boto/botocore/tree/develop/botocore/data>, without its prose.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use fancy_regex::Regex;
use serde::Deserialize;

/// Index of a shape in its [`Model`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ShapeId(usize);

/// One service.
#[derive(Debug)]
pub struct Model {
    /// Prefix of `X-Amz-Target`, such as `Logs_20140328`.
    pub target_prefix: Option<String>,
    /// The API's version, which a form names.
    pub version: String,
    /// Namespace of XML answers.
    pub xml_namespace: String,
    operations: Vec<OperationModel>,
    by_name: HashMap<String, usize>,
    shapes: Vec<Shape>,
    shapes_by_name: HashMap<String, ShapeId>,
}

/// One operation.
#[derive(Debug)]
pub struct OperationModel {
    /// Such as `CreateFunction`.
    pub name: String,
    /// HTTP method.
    pub method: String,
    /// Path with labels: `/2015-03-31/functions/{FunctionName}`, and perhaps a fixed query.
    pub uri: String,
    /// Status of a good answer.
    pub status: u16,
    /// The shape of its input.
    pub input: Option<ShapeId>,
    /// The shape of its output.
    pub output: Option<ShapeId>,
    /// The XML element around its output.
    pub result_wrapper: Option<String>,
    /// Whether its request may be gzip.
    pub takes_gzip: bool,
}

/// One shape.
#[derive(Debug)]
pub struct Shape {
    /// Its name in the model.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Its bounds.
    pub bounds: Bounds,
    /// The code and status of an error shape.
    pub error: Option<ErrorTrait>,
    /// Whether its values must not be repeated in messages.
    pub is_sensitive: bool,
}

/// What a value is.
#[derive(Debug)]
pub enum Kind {
    /// Named members.
    Structure(Structure),
    /// Values of one shape.
    List(ShapeId),
    /// String keys and values.
    Map {
        /// Shape of the keys.
        key: ShapeId,
        /// Shape of the values.
        value: ShapeId,
    },
    /// Text.
    String,
    /// 32 or 64 bits, signed.
    Integer,
    /// 64 bits.
    Double,
    /// True or false.
    Boolean,
    /// Bytes.
    Blob,
    /// A moment.
    Timestamp,
}

/// A structure's members.
#[derive(Debug, Default)]
pub struct Structure {
    /// In the model's order.
    pub members: Vec<Member>,
    /// The member that is the body.
    pub payload: Option<usize>,
    /// Whether it is a stream of events.
    pub is_event_stream: bool,
}

/// One member of a structure.
#[derive(Debug)]
pub struct Member {
    /// Its name in the model.
    pub name: String,
    /// Its name as AWS's validation messages have it: first letter small.
    pub path_name: String,
    /// Its shape.
    pub shape: ShapeId,
    /// Where it travels in REST protocols.
    pub location: Location,
    /// Its name there.
    pub wire_name: String,
    /// Whether it must be present.
    pub is_required: bool,
}

/// Where a member travels in REST protocols.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Location {
    /// In the body.
    #[default]
    Body,
    /// In the path.
    Uri,
    /// In the query.
    QueryString,
    /// In a header.
    Header,
    /// It is the status.
    #[serde(rename = "statusCode")]
    StatusCode,
}

/// Bounds of a value.
#[derive(Debug, Default)]
pub struct Bounds {
    /// Least value, or length.
    pub min: Option<f64>,
    /// Greatest value, or length.
    pub max: Option<f64>,
    /// The pattern that a whole text must match.
    pub pattern: Option<Pattern>,
    /// The only texts allowed.
    pub values: Vec<String>,
}

/// A pattern, compiled when it is first needed: most of a model's never are.
#[derive(Debug)]
pub struct Pattern {
    /// As the model has it.
    pub text: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    fn new(text: String) -> Self {
        Self {
            text,
            compiled: OnceLock::new(),
        }
    }

    /// Whether it matches the whole of `text`.
    pub fn is_match(&self, text: &str) -> bool {
        let Some(regex) = self.regex() else {
            return true;
        };
        regex.is_match(text).unwrap_or(false)
    }

    /// `None` where it is no regular expression even to Java, held by a test to be none that is used.
    fn regex(&self) -> Option<&Regex> {
        // Java, unlike this engine, reads the hyphen in `[\w-.]` as itself.
        let compile = || {
            let text = self.text.replace(r"\w-", r"\w\-").replace(r"\d-", r"\d\-");
            Regex::new(&format!("^(?:{text})$")).ok()
        };
        self.compiled.get_or_init(compile).as_ref()
    }
}

/// The error trait of a shape.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorTrait {
    /// Its code in the query protocol, where that is not the shape's name.
    pub code: Option<String>,
    /// Whether the sender is to blame.
    #[serde(default)]
    pub sender_fault: bool,
}

impl Model {
    /// Reads a model.
    ///
    /// # Errors
    /// What is not as the format says.
    pub fn parse(json: &str) -> Result<Self, String> {
        let raw: RawModel = serde_json::from_str(json).map_err(|error| error.to_string())?;
        raw.resolve()
    }

    /// The operation with this name.
    pub fn operation(&self, name: &str) -> Option<&OperationModel> {
        self.by_name.get(name).map(|index| &self.operations[*index])
    }

    /// Every operation.
    pub fn operations(&self) -> &[OperationModel] {
        &self.operations
    }

    /// A shape of this model.
    pub fn shape(&self, id: ShapeId) -> &Shape {
        &self.shapes[id.0]
    }

    /// The structure behind `id`: inputs, outputs and errors are structures in every model.
    pub fn structure(&self, id: Option<ShapeId>) -> Option<&Structure> {
        match &self.shape(id?).kind {
            Kind::Structure(structure) => Some(structure),
            _ => None,
        }
    }

    /// The error trait of the shape with this name.
    pub fn error(&self, name: &str) -> Option<&ErrorTrait> {
        let id = self.shapes_by_name.get(name)?;
        self.shape(*id).error.as_ref()
    }
}

#[derive(Deserialize)]
struct RawModel {
    metadata: RawMetadata,
    operations: BTreeMap<String, RawOperation>,
    shapes: BTreeMap<String, RawShape>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawMetadata {
    api_version: String,
    target_prefix: Option<String>,
    xml_namespace: Option<String>,
}

#[derive(Deserialize)]
struct RawOperation {
    http: RawHttp,
    input: Option<RawReference>,
    output: Option<RawReference>,
    #[serde(default)]
    requestcompression: RawCompression,
}

#[derive(Default, Deserialize)]
struct RawCompression {
    encodings: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawHttp {
    method: String,
    request_uri: String,
    response_code: Option<u16>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawReference {
    shape: String,
    result_wrapper: Option<String>,
    #[serde(default)]
    location: Location,
    location_name: Option<String>,
}

#[derive(Deserialize)]
struct RawShape {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    members: BTreeMap<String, RawReference>,
    #[serde(default)]
    required: Vec<String>,
    member: Option<RawReference>,
    key: Option<RawReference>,
    value: Option<RawReference>,
    min: Option<f64>,
    max: Option<f64>,
    pattern: Option<String>,
    #[serde(default, rename = "enum")]
    values: Vec<String>,
    payload: Option<String>,
    #[serde(default)]
    eventstream: bool,
    error: Option<ErrorTrait>,
    #[serde(default)]
    sensitive: bool,
}

impl RawModel {
    fn resolve(self) -> Result<Model, String> {
        let ids: HashMap<String, ShapeId> = self
            .shapes
            .keys()
            .enumerate()
            .map(|(index, name)| (name.clone(), ShapeId(index)))
            .collect();
        let mut shapes = Vec::with_capacity(self.shapes.len());
        for (name, raw) in self.shapes {
            shapes.push(raw.resolve(name, &ids)?);
        }
        let mut operations = Vec::with_capacity(self.operations.len());
        for (name, raw) in self.operations {
            let shape = |reference: &Option<RawReference>| match reference {
                Some(reference) => id_of(&reference.shape, &ids).map(Some),
                None => Ok(None),
            };
            operations.push(OperationModel {
                method: raw.http.method,
                uri: raw.http.request_uri,
                status: raw.http.response_code.unwrap_or(200),
                input: shape(&raw.input)?,
                output: shape(&raw.output)?,
                result_wrapper: raw.output.and_then(|output| output.result_wrapper),
                takes_gzip: raw
                    .requestcompression
                    .encodings
                    .iter()
                    .any(|encoding| encoding == "gzip"),
                name,
            });
        }
        let by_name = operations.iter().enumerate();
        Ok(Model {
            target_prefix: self.metadata.target_prefix,
            version: self.metadata.api_version,
            xml_namespace: self.metadata.xml_namespace.unwrap_or_default(),
            by_name: by_name
                .map(|(index, operation)| (operation.name.clone(), index))
                .collect(),
            operations,
            shapes,
            shapes_by_name: ids,
        })
    }
}

impl RawShape {
    fn resolve(self, name: String, ids: &HashMap<String, ShapeId>) -> Result<Shape, String> {
        let kind = match self.kind.as_str() {
            "structure" => Kind::Structure(structure(
                self.members,
                &self.required,
                self.payload.as_deref(),
                self.eventstream,
                ids,
            )?),
            "list" => Kind::List(referred(self.member, &name, ids)?),
            "map" => Kind::Map {
                key: referred(self.key, &name, ids)?,
                value: referred(self.value, &name, ids)?,
            },
            "string" => Kind::String,
            "integer" | "long" => Kind::Integer,
            "double" | "float" => Kind::Double,
            "boolean" => Kind::Boolean,
            "blob" => Kind::Blob,
            "timestamp" => Kind::Timestamp,
            other => return Err(format!("shape {name} has the unknown type {other}")),
        };
        Ok(Shape {
            name,
            kind,
            bounds: Bounds {
                min: self.min,
                max: self.max,
                pattern: self.pattern.map(Pattern::new),
                values: self.values,
            },
            error: self.error,
            is_sensitive: self.sensitive,
        })
    }
}

fn structure(
    raw: BTreeMap<String, RawReference>,
    required: &[String],
    payload: Option<&str>,
    is_event_stream: bool,
    ids: &HashMap<String, ShapeId>,
) -> Result<Structure, String> {
    let mut members = Vec::with_capacity(raw.len());
    for (name, reference) in raw {
        members.push(Member {
            path_name: path_name(&name),
            shape: id_of(&reference.shape, ids)?,
            location: reference.location,
            wire_name: reference.location_name.unwrap_or_else(|| name.clone()),
            is_required: required.contains(&name),
            name,
        });
    }
    let payload = payload.and_then(|name| members.iter().position(|member| member.name == name));
    Ok(Structure {
        members,
        payload,
        is_event_stream,
    })
}

fn path_name(name: &str) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}

fn referred(
    reference: Option<RawReference>,
    name: &str,
    ids: &HashMap<String, ShapeId>,
) -> Result<ShapeId, String> {
    let reference = reference.ok_or_else(|| format!("shape {name} lacks its element"))?;
    id_of(&reference.shape, ids)
}

fn id_of(name: &str, ids: &HashMap<String, ShapeId>) -> Result<ShapeId, String> {
    ids.get(name)
        .copied()
        .ok_or_else(|| format!("no shape {name}"))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The models that hearth embeds, for this layer's tests.
    pub(crate) fn lambda() -> Model {
        Model::parse(include_str!("../../models/lambda.json")).unwrap()
    }

    pub(crate) fn cloudwatch() -> Model {
        Model::parse(include_str!("../../models/cloudwatch.json")).unwrap()
    }

    #[test]
    fn every_embedded_model_resolves_and_its_patterns_compile() {
        let mut unread = Vec::new();
        for json in [
            include_str!("../../models/lambda.json"),
            include_str!("../../models/logs.json"),
            include_str!("../../models/cloudwatch.json"),
            include_str!("../../models/iam.json"),
            include_str!("../../models/sts.json"),
        ] {
            let model = Model::parse(json).unwrap();
            assert!(!model.operations().is_empty());
            unread.extend(model.shapes.into_iter().filter_map(|shape| {
                let pattern = shape.bounds.pattern?;
                pattern
                    .regex()
                    .is_none()
                    .then_some((shape.name, pattern.text))
            }));
        }
        assert_eq!(unread, []);
        let lambda = lambda();
        assert_eq!(lambda.operations().len(), 85);
        let invoke = lambda.operation("Invoke").unwrap();
        let input = lambda.structure(invoke.input).unwrap();
        assert_eq!(input.members[input.payload.unwrap()].name, "Payload");
        let cloudwatch = cloudwatch();
        let compressed = cloudwatch.operations().iter();
        let compressed: Vec<&str> = compressed
            .filter(|operation| operation.takes_gzip)
            .map(|operation| operation.name.as_str())
            .collect();
        assert_eq!(compressed, ["PutMetricData"]);
        let error = cloudwatch.error("InvalidParameterValueException").unwrap();
        assert_eq!(error.code.as_deref(), Some("InvalidParameterValue"));
    }
}
