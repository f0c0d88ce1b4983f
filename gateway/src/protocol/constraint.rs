//! A request held against the model: types, required members, ranges, lengths, patterns, enums, in AWS's own words.
//!
//! All failures are told at once: `2 validation errors detected: Value 'x' at 'path' failed to satisfy constraint: …; Value …`.
//! The check also takes out what is `null`, which is the same as absent.

use serde_json::{Map, Value};

use super::model::{Bounds, Kind, Model, ShapeId};
use super::{AwsError, timestamp, unreadable};

/// Failures told at most.
const MAX_FAILURES: usize = 10;
/// Nesting that a request may have.
const MAX_DEPTH: usize = 64;

/// What a service says beside its model.
#[derive(Clone, Copy, Debug)]
pub struct Dialect {
    /// The code of a failed check, such as `ValidationException`.
    pub code: &'static str,
    /// Shapes whose enum the operation itself checks, in other words.
    pub open_enums: &'static [&'static str],
}

/// Holds `input` against `shape`, and brings it into the one form (timestamps as numbers, no nulls).
///
/// # Errors
/// Every failure at once, under the dialect's code; a value of another type as `SerializationException`.
pub fn check(
    model: &Model,
    dialect: Dialect,
    shape: Option<ShapeId>,
    input: &mut Value,
) -> Result<(), AwsError> {
    let Some(shape) = shape else { return Ok(()) };
    let mut check = Check {
        model,
        dialect,
        failures: Vec::new(),
        count: 0,
    };
    check.value(shape, input, "", 0)?;
    if check.count == 0 {
        return Ok(());
    }
    let noun = if check.count == 1 { "error" } else { "errors" };
    let told = check.failures.join("; ");
    let message = format!("{} validation {noun} detected: {told}", check.count);
    Err(AwsError::new(dialect.code, 400, message))
}

struct Check<'a> {
    model: &'a Model,
    dialect: Dialect,
    failures: Vec<String>,
    count: usize,
}

impl Check<'_> {
    /// `shown` is the value with the space behind it, or nothing for what must not be repeated.
    fn fail(&mut self, shown: &str, path: &str, constraint: &str) {
        self.count += 1;
        if self.failures.len() < MAX_FAILURES {
            self.failures.push(format!(
                "Value {shown}at '{path}' failed to satisfy constraint: {constraint}"
            ));
        }
    }

    fn quoted(&self, id: ShapeId, value: &Value) -> String {
        if self.is_sensitive(id) {
            return String::new();
        }
        format!("'{}' ", self.shown(id, value))
    }

    fn is_sensitive(&self, id: ShapeId) -> bool {
        let shape = self.model.shape(id);
        let below = match shape.kind {
            Kind::List(element) => vec![element],
            Kind::Map { key, value } => vec![key, value],
            _ => Vec::new(),
        };
        let is_below = |id: &ShapeId| self.model.shape(*id).is_sensitive;
        shape.is_sensitive || below.iter().any(is_below)
    }

    fn value(
        &mut self,
        id: ShapeId,
        value: &mut Value,
        path: &str,
        depth: usize,
    ) -> Result<(), AwsError> {
        if depth > MAX_DEPTH {
            return Err(unreadable("the request is nested too deeply"));
        }
        match &self.model.shape(id).kind {
            Kind::Structure(_) => self.structure(id, value, path, depth),
            Kind::List(element) => {
                let Value::Array(items) = value else {
                    return Err(mismatch(value, "a list"));
                };
                items.retain(|item| !item.is_null());
                self.elements(id, *element, items, path, depth)?;
                let length = items.len();
                self.size(id, length, value, path);
                Ok(())
            }
            Kind::Map {
                key,
                value: element,
            } => {
                let Value::Object(entries) = value else {
                    return Err(mismatch(value, "a map"));
                };
                entries.retain(|_, entry| !entry.is_null());
                self.entries(id, *key, *element, entries, path, depth)?;
                let length = entries.len();
                self.size(id, length, value, path);
                Ok(())
            }
            _ => {
                self.coerce(id, value)?;
                let broken = self.broken(id, value);
                for constraint in broken {
                    self.fail(&self.quoted(id, value), path, &constraint);
                }
                Ok(())
            }
        }
    }

    fn structure(
        &mut self,
        id: ShapeId,
        value: &mut Value,
        path: &str,
        depth: usize,
    ) -> Result<(), AwsError> {
        if value.is_null() {
            *value = Value::Object(Map::new());
        }
        let Value::Object(members) = value else {
            return Err(mismatch(value, "a structure"));
        };
        members.retain(|_, member| !member.is_null());
        let model = self.model;
        let structure = model
            .structure(Some(id))
            .expect("the caller matched a structure");
        for (index, member) in structure.members.iter().enumerate() {
            let is_payload = structure.payload == Some(index)
                && matches!(model.shape(member.shape).kind, Kind::Blob);
            let path = if path.is_empty() {
                member.path_name.clone()
            } else {
                format!("{path}.{}", member.path_name)
            };
            match members.get_mut(&member.name) {
                Some(value) => self.value(member.shape, value, &path, depth + 1)?,
                None if member.is_required && !is_payload => {
                    self.fail("null ", &path, "Member must not be null");
                }
                None => {}
            }
        }
        Ok(())
    }

    /// Simple elements fail as one list, structures each under its own path: so AWS does.
    fn elements(
        &mut self,
        id: ShapeId,
        element: ShapeId,
        items: &mut [Value],
        path: &str,
        depth: usize,
    ) -> Result<(), AwsError> {
        if !self.is_simple(element) {
            for (number, item) in (1..).zip(items.iter_mut()) {
                self.value(element, item, &format!("{path}.{number}.member"), depth + 1)?;
            }
            return Ok(());
        }
        for item in items.iter_mut() {
            self.coerce(element, item)?;
        }
        if items
            .iter()
            .any(|item| !self.broken(element, item).is_empty())
        {
            let constraint = format!("Member must satisfy constraint: [{}]", self.rules(element));
            let shown = self.quoted(id, &Value::Array(items.to_vec()));
            self.fail(&shown, path, &constraint);
        }
        Ok(())
    }

    fn entries(
        &mut self,
        id: ShapeId,
        key: ShapeId,
        element: ShapeId,
        entries: &mut Map<String, Value>,
        path: &str,
        depth: usize,
    ) -> Result<(), AwsError> {
        let simple = self.is_simple(element);
        let (mut keys_fail, mut values_fail) = (false, false);
        for (name, value) in entries.iter_mut() {
            keys_fail |= !self.broken(key, &Value::String(name.clone())).is_empty();
            if simple {
                self.coerce(element, value)?;
                values_fail |= !self.broken(element, value).is_empty();
            } else {
                self.value(element, value, &format!("{path}.{name}.member"), depth + 1)?;
            }
        }
        for (fails, what, shape) in [
            (keys_fail, "Map keys", key),
            (values_fail, "Map value", element),
        ] {
            if fails {
                let shown = self.quoted(id, &Value::Object(entries.clone()));
                let constraint = format!("{what} must satisfy constraint: [{}]", self.rules(shape));
                self.fail(&shown, path, &constraint);
            }
        }
        Ok(())
    }

    fn size(&mut self, id: ShapeId, size: usize, value: &Value, path: &str) {
        let model = self.model;
        for constraint in length_failures(&model.shape(id).bounds, size) {
            self.fail(&self.quoted(id, value), path, &constraint);
        }
    }

    fn is_simple(&self, id: ShapeId) -> bool {
        let kind = &self.model.shape(id).kind;
        !matches!(kind, Kind::Structure(_) | Kind::List(_) | Kind::Map { .. })
    }

    /// Brings a simple value to its type, where its text form allows it.
    fn coerce(&self, id: ShapeId, value: &mut Value) -> Result<(), AwsError> {
        let kind = &self.model.shape(id).kind;
        let fits = match kind {
            Kind::String | Kind::Blob => value.is_string(),
            Kind::Integer => {
                if let Some(whole) = value.as_f64().filter(|number| number.fract() == 0.0)
                    && !value.is_i64()
                    && whole.abs() < 9.0e15
                {
                    *value = Value::from(whole as i64);
                }
                value.is_i64()
            }
            Kind::Double => value.is_number(),
            Kind::Boolean => value.is_boolean(),
            Kind::Timestamp => {
                if let Some(time) = value.as_str().and_then(timestamp::parse) {
                    *value = time;
                }
                value.is_number()
            }
            Kind::Structure(_) | Kind::List(_) | Kind::Map { .. } => true,
        };
        if fits {
            return Ok(());
        }
        Err(mismatch(
            value,
            match kind {
                Kind::Integer => "an Integer",
                Kind::Double => "a Double",
                Kind::Boolean => "a Boolean",
                Kind::Timestamp => "a Timestamp",
                Kind::Blob => "a Blob",
                _ => "a String",
            },
        ))
    }

    /// The constraints that a simple value breaks.
    fn broken(&self, id: ShapeId, value: &Value) -> Vec<String> {
        let shape = self.model.shape(id);
        let bounds = &shape.bounds;
        let mut broken = Vec::new();
        match (&shape.kind, value) {
            (Kind::String, Value::String(text)) => {
                broken.extend(length_failures(bounds, text.chars().count()));
                if let Some(pattern) = &bounds.pattern
                    && !pattern.is_match(text)
                {
                    broken.push(pattern_rule(&pattern.text));
                }
                let is_open = self.dialect.open_enums.contains(&shape.name.as_str());
                if !bounds.values.is_empty() && !is_open && !bounds.values.contains(text) {
                    broken.push(enum_rule(&bounds.values));
                }
            }
            (Kind::Blob, Value::String(text)) => {
                let padding = text.bytes().rev().take_while(|byte| *byte == b'=').count();
                let bytes = (text.len() / 4 * 3).saturating_sub(padding);
                broken.extend(length_failures(bounds, bytes));
            }
            (Kind::Integer | Kind::Double, Value::Number(number)) => {
                let number = number.as_f64().unwrap_or(f64::NAN);
                let whole = matches!(shape.kind, Kind::Integer);
                if let Some(max) = bounds.max.filter(|max| number > *max) {
                    broken.push(value_rule("less", max, whole));
                }
                if let Some(min) = bounds.min.filter(|min| number < *min) {
                    broken.push(value_rule("greater", min, whole));
                }
            }
            _ => {}
        }
        broken
    }

    /// Every rule of a simple shape, as AWS lists them for the elements of lists and maps.
    fn rules(&self, id: ShapeId) -> String {
        let shape = self.model.shape(id);
        let bounds = &shape.bounds;
        let whole = matches!(shape.kind, Kind::Integer);
        let is_number = whole || matches!(shape.kind, Kind::Double);
        let limit = |side: &str, bound: f64| {
            if is_number {
                value_rule(side, bound, whole)
            } else {
                length_rule(side, bound)
            }
        };
        let mut rules = Vec::new();
        rules.extend(bounds.max.map(|max| limit("less", max)));
        rules.extend(bounds.min.map(|min| limit("greater", min)));
        rules.extend(
            bounds
                .pattern
                .as_ref()
                .map(|pattern| pattern_rule(&pattern.text)),
        );
        if !bounds.values.is_empty() {
            rules.push(enum_rule(&bounds.values));
        }
        rules.push("Member must not be null".to_owned());
        rules.join(", ")
    }

    /// A value as AWS prints it: Java's notation.
    fn shown(&self, id: ShapeId, value: &Value) -> String {
        match (&self.model.shape(id).kind, value) {
            (_, Value::String(text)) => text.clone(),
            (Kind::Double, Value::Number(number)) => java_double(number.as_f64().unwrap_or(0.0)),
            (Kind::List(element), Value::Array(items)) => {
                let items: Vec<String> = items
                    .iter()
                    .map(|item| self.shown(*element, item))
                    .collect();
                format!("[{}]", items.join(", "))
            }
            (Kind::Map { value: element, .. }, Value::Object(entries)) => {
                let entries: Vec<String> = entries
                    .iter()
                    .map(|(name, entry)| format!("{name}={}", self.shown(*element, entry)))
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }
            (_, value) => value.to_string(),
        }
    }
}

fn mismatch(value: &Value, wanted: &str) -> AwsError {
    let found = match value {
        Value::Null => "NULL_VALUE",
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
        Value::Number(number) if number.is_f64() => "DECIMAL_VALUE",
        Value::Number(_) => "NUMBER_VALUE",
        Value::String(_) => "STRING_VALUE",
        Value::Array(_) => "START_ARRAY",
        Value::Object(_) => "START_OBJECT",
    };
    unreadable(format!("{found} can not be converted to {wanted}"))
}

fn length_failures(bounds: &Bounds, length: usize) -> impl Iterator<Item = String> {
    let length = length as f64;
    let over = bounds.max.filter(|max| length > *max);
    let under = bounds.min.filter(|min| length < *min);
    let over = over.map(|max| length_rule("less", max));
    over.into_iter()
        .chain(under.map(|min| length_rule("greater", min)))
}

fn length_rule(side: &str, bound: f64) -> String {
    format!("Member must have length {side} than or equal to {bound}")
}

fn value_rule(side: &str, bound: f64, whole: bool) -> String {
    let bound = if whole {
        bound.to_string()
    } else {
        java_double(bound)
    };
    format!("Member must have value {side} than or equal to {bound}")
}

fn pattern_rule(pattern: &str) -> String {
    format!("Member must satisfy regular expression pattern: {pattern}")
}

fn enum_rule(values: &[String]) -> String {
    format!(
        "Member must satisfy enum value set: [{}]",
        values.join(", ")
    )
}

fn java_double(number: f64) -> String {
    format!("{number:?}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::model::tests::{cloudwatch, lambda};
    use super::*;

    const DIALECT: Dialect = Dialect {
        code: "ValidationException",
        open_enums: &["Runtime"],
    };

    fn failure(model: &Model, operation: &str, mut input: Value) -> String {
        let operation = model.operation(operation).unwrap();
        match check(model, DIALECT, operation.input, &mut input) {
            Ok(()) => "fine".into(),
            Err(error) => error.message,
        }
    }

    fn create(members: Value) -> Value {
        let mut input = json!({
            "FunctionName": "f", "Role": "arn:aws:iam::000000000000:role/r", "Code": {"ZipFile": ""},
            "Runtime": "anything", "Description": null,
        });
        let input_members = input.as_object_mut().unwrap();
        input_members.extend(members.as_object().unwrap().clone());
        input
    }

    #[test]
    fn failures_read_as_on_aws() {
        let model = lambda();
        let failures = [
            create(json!({})),
            create(json!({"Role": "r1", "Timeout": 0})),
            create(json!({"Role": null})),
            create(json!({"Architectures": ["X86_64"]})),
            create(json!({"Architectures": ["x86_64", "arm64"]})),
            create(json!({"EphemeralStorage": {"Size": 1}})),
            create(json!({"Environment": {"Variables": {"_HANDLER": "secret"}}})),
            create(json!({"Timeout": "3"})),
        ]
        .map(|input| failure(&model, "CreateFunction", input));
        insta::assert_snapshot!(failures.join("\n"), @r"
        fine
        2 validation errors detected: Value 'r1' at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+; Value '0' at 'timeout' failed to satisfy constraint: Member must have value greater than or equal to 1
        1 validation error detected: Value null at 'role' failed to satisfy constraint: Member must not be null
        1 validation error detected: Value '[X86_64]' at 'architectures' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]
        1 validation error detected: Value '[x86_64, arm64]' at 'architectures' failed to satisfy constraint: Member must have length less than or equal to 1
        1 validation error detected: Value '1' at 'ephemeralStorage.size' failed to satisfy constraint: Member must have value greater than or equal to 512
        1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+, Member must not be null]
        STRING_VALUE can not be converted to an Integer
        ");
    }

    #[test]
    fn maps_and_lists_of_structures_have_their_paths() {
        let model = lambda();
        let alias = json!({"FunctionName": "f", "Name": "a", "FunctionVersion": "1",
            "RoutingConfig": {"AdditionalVersionWeights": {"2": 2}}});
        assert_eq!(
            failure(&model, "CreateAlias", alias),
            "1 validation error detected: Value '{2=2.0}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: \
             Map value must satisfy constraint: [Member must have value less than or equal to 1.0, \
             Member must have value greater than or equal to 0.0, Member must not be null]"
        );
        let data = json!({"Namespace": "n", "MetricData": [{"Value": 1.0}]});
        assert_eq!(
            failure(&cloudwatch(), "PutMetricData", data),
            "1 validation error detected: Value null at 'metricData.1.member.metricName' failed to satisfy constraint: Member must not be null"
        );
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            let names = prop_oneof![
                Just("FunctionName"),
                Just("Code"),
                Just("Environment"),
                Just("Tags"),
                Just("Layers"),
                Just("Timeout")
            ];
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map(names.prop_map(str::to_owned), inner, 0..5)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_input_makes_it_panic(mut input in any_json()) {
            static MODEL: std::sync::LazyLock<Model> = std::sync::LazyLock::new(lambda);
            let shape = MODEL.operation("CreateFunction").unwrap().input;
            let first = check(&MODEL, DIALECT, shape, &mut input).is_ok();
            // What passed once passes again: the check leaves its own form.
            prop_assert_eq!(first, check(&MODEL, DIALECT, shape, &mut input).is_ok());
        }
    }
}
