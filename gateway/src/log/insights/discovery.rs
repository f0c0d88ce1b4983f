//! The fields that a line's text holds: those of Lambda's own lines, and those of its first JSON object.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html>
//!
//! Lambda tells memory in MB of a million bytes each; the fields hold bytes.

use serde_json::Value as Json;

use super::value::Value;

/// What Lambda calls a MB.
const MB_BYTES: f64 = 1_000_000.0;
/// A request id is looked for in as many words of a line.
const FIRST_WORDS: usize = 4;

/// Names of one line's fields that are listed, as many as AWS discovers.
const MAX_NAMES: usize = 200;

/// The fields of a line.
#[derive(Debug, Default)]
pub(super) struct Discovered {
    platform: Vec<(&'static str, Value)>,
    json: Option<Json>,
}

impl Discovered {
    /// Finds the fields of a line.
    pub(super) fn of(message: &str) -> Self {
        let json = message
            .find('{')
            .and_then(|start| first_object(&message[start..]));
        let platform = match &json {
            Some(record) => platform_record(record),
            None => platform_line(message),
        };
        Self { platform, json }
    }

    /// The names of all fields, at most [`MAX_NAMES`]: those of values, not of the objects and lists around them.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .platform
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect();
        if let Some(json) = &self.json {
            leaves(json, "", &mut names);
        }
        names
    }

    /// The value of a field. Names with `@` are Lambda's, those with a further one are the line's own.
    pub(super) fn get(&self, name: &str) -> Value {
        if name.starts_with('@') && !name.starts_with("@@") {
            let found = self.platform.iter().find(|(field, _)| *field == name);
            return found.map(|(_, value)| value.clone()).unwrap_or_default();
        }
        let path = match name.starts_with("@@") {
            true => &name[1..],
            false => name,
        };
        let found = self.json.as_ref().and_then(|json| member(json, path));
        found.map(value_of).unwrap_or_default()
    }
}

/// The JSON object at the start of a text, whatever follows it.
fn first_object(text: &str) -> Option<Json> {
    serde_json::Deserializer::from_str(text)
        .into_iter()
        .next()?
        .ok()
}

/// The member at the end of a path `a.b.0.c`; a key may hold dots itself.
fn member<'a>(json: &'a Json, path: &str) -> Option<&'a Json> {
    let child = |key: &str| match json {
        Json::Object(members) => members.get(key),
        Json::Array(items) => items.get(key.parse::<usize>().ok()?),
        _ => None,
    };
    if let Some(found) = child(path) {
        return Some(found);
    }
    path.match_indices('.')
        .find_map(|(dot, _)| member(child(&path[..dot])?, &path[dot + 1..]))
}

/// Collects the paths of the values below `path`.
fn leaves(json: &Json, path: &str, names: &mut Vec<String>) {
    let join = |key: &str| match (path, key.starts_with('@')) {
        ("", true) => format!("@{key}"),
        ("", false) => key.to_owned(),
        _ => format!("{path}.{key}"),
    };
    match json {
        _ if names.len() >= MAX_NAMES => {}
        Json::Object(members) => {
            for (key, value) in members {
                leaves(value, &join(key), names);
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                leaves(item, &join(&index.to_string()), names);
            }
        }
        Json::Null => {}
        _ => names.push(path.to_owned()),
    }
}

fn value_of(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(is_so) => Value::Bool(*is_so),
        Json::String(text) => Value::text(text),
        other => Value::text(&other.to_string()),
    }
}

fn platform_line(line: &str) -> Vec<(&'static str, Value)> {
    let line = line.trim_end();
    let first_word = line.split([' ', '\t']).next().unwrap_or("");
    let kind = match first_word {
        "START" | "END" | "REPORT" => {
            let Some(rest) = line
                .strip_prefix(first_word)
                .and_then(|rest| rest.strip_prefix(" RequestId: "))
            else {
                return Vec::new();
            };
            let id = rest.split([' ', '\t']).next().unwrap_or("");
            vec![
                ("@type", Value::text(first_word)),
                ("@requestId", Value::text(id)),
            ]
        }
        "INIT_START" => return vec![("@type", Value::text(first_word))],
        _ => return request_id(line),
    };
    let mut fields = kind;
    for part in line.split('\t').skip(1) {
        let Some((name, text)) = part.split_once(": ") else {
            continue;
        };
        let number = text.split(' ').next().unwrap_or("");
        let bytes = || {
            number
                .parse::<f64>()
                .map_or(Value::Null, |mb| Value::Number(mb * MB_BYTES))
        };
        let (field, value) = match name {
            "Duration" => ("@duration", Value::text(number)),
            "Billed Duration" => ("@billedDuration", Value::text(number)),
            "Init Duration" => ("@initDuration", Value::text(number)),
            "Memory Size" => ("@memorySize", bytes()),
            "Max Memory Used" => ("@maxMemoryUsed", bytes()),
            "XRAY TraceId" => ("@xrayTraceId", Value::text(number)),
            "SegmentId" => ("@xraySegmentId", Value::text(number)),
            _ => continue,
        };
        fields.push((field, value));
    }
    fields
}

/// The id that stands among the first words of what a function logs: `[INFO]`, time, id, text.
fn request_id(line: &str) -> Vec<(&'static str, Value)> {
    let mut words = line.split([' ', '\t']).take(FIRST_WORDS);
    let found = words.find(|word| is_uuid(word));
    found
        .map(|id| ("@requestId", Value::text(id)))
        .into_iter()
        .collect()
}

fn is_uuid(word: &str) -> bool {
    word.len() == 36
        && word.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// The same fields from the JSON form of Lambda's lines, and from what functions log in JSON.
fn platform_record(record: &Json) -> Vec<(&'static str, Value)> {
    let id = |json: &Json| json.get("requestId").map(value_of);
    let kind = match record.get("type").and_then(Json::as_str) {
        Some("platform.initStart") => "INIT_START",
        Some("platform.start") => "START",
        Some("platform.runtimeDone") => "END",
        Some("platform.report") => "REPORT",
        _ => {
            return id(record)
                .map(|id| ("@requestId", id))
                .into_iter()
                .collect();
        }
    };
    let mut fields = vec![("@type", Value::text(kind))];
    let Some(record) = record.get("record") else {
        return fields;
    };
    fields.extend(id(record).map(|id| ("@requestId", id)));
    let metrics = record.get("metrics").filter(|_| kind == "REPORT");
    for (field, member, unit) in [
        ("@duration", "durationMs", 1.0),
        ("@billedDuration", "billedDurationMs", 1.0),
        ("@initDuration", "initDurationMs", 1.0),
        ("@memorySize", "memorySizeMB", MB_BYTES),
        ("@maxMemoryUsed", "maxMemoryUsedMB", MB_BYTES),
    ] {
        let number = metrics.and_then(|metrics| metrics.get(member)?.as_f64());
        fields.extend(number.map(|number| (field, Value::Number(number * unit))));
    }
    fields
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ID: &str = "d5d410e5-7406-5a1b-888e-4aa7492a313d";

    fn shown(message: &str, names: &[&str]) -> Vec<String> {
        let found = Discovered::of(message);
        let show = |name: &&str| found.get(name).show().into_owned();
        names.iter().map(show).collect()
    }

    #[test]
    fn lambdas_own_lines_have_their_fields() {
        let report = format!(
            "REPORT RequestId: {ID}\tDuration: 12.34 ms\tBilled Duration: 113 ms\tMemory Size: 128 MB\t\
             Max Memory Used: 31 MB\tInit Duration: 100.50 ms\t\n"
        );
        let names = [
            "@type",
            "@requestId",
            "@duration",
            "@billedDuration",
            "@memorySize",
            "@maxMemoryUsed",
            "@initDuration",
        ];
        let expected = [
            "REPORT",
            ID,
            "12.34",
            "113",
            "128000000",
            "31000000",
            "100.50",
        ];
        assert_eq!(shown(&report, &names), expected);
        let json = format!(
            r#"{{"time":"t","type":"platform.report","record":{{"requestId":"{ID}","metrics":{{"durationMs":12.34,"billedDurationMs":113,
               "memorySizeMB":128,"maxMemoryUsedMB":31,"initDurationMs":100.5}}}}}}"#
        );
        let expected = [
            "REPORT",
            ID,
            "12.34",
            "113",
            "128000000",
            "31000000",
            "100.5",
        ];
        assert_eq!(shown(&json, &names), expected);
        let start = format!("START RequestId: {ID} Version: $LATEST");
        assert_eq!(
            shown(&start, &["@type", "@requestId", "@duration"]),
            ["START", ID, ""]
        );
        assert_eq!(shown("REPORTED by nobody", &["@type"]), [""]);
    }

    #[test]
    fn a_functions_lines_have_their_request() {
        for line in [
            format!("[INFO]\t2024-05-15T13:47:12.000Z\t{ID}\thello"),
            format!("2024-05-15T13:47:12.000Z {ID} Task timed out after 3.00 seconds"),
            format!("RequestId: {ID} Error: Runtime exited"),
            format!(r#"{{"level": "INFO", "requestId": "{ID}"}}"#),
        ] {
            assert_eq!(shown(&line, &["@requestId"]), [ID], "{line}");
        }
    }

    #[test]
    fn json_members_are_found_by_their_path() {
        let message = r#"INFO {"a": {"b": [{"c": 1.5}, "x"]}, "d.e": {"f": true}, "@at": "z", "n": null} {"later": 1}"#;
        let names = [
            "a.b.0.c", "a.b.1", "d.e.f", "@@at", "n", "a.b", "later", "a.b.7", "a..b",
        ];
        let expected = ["1.5", "x", "1", "z", "", r#"[{"c":1.5},"x"]"#, "", "", ""];
        assert_eq!(shown(message, &names), expected);
        let names = ["@@at", "a.b.0.c", "a.b.1", "d.e.f"];
        assert_eq!(Discovered::of(message).names(), names);
    }

    proptest! {
        #[test]
        fn any_text_has_fields(message: String, name: String) {
            Discovered::of(&message).get(&name);
            Discovered::of(&format!("REPORT RequestId: {message}")).get("@duration");
        }
    }
}
