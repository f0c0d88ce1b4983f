//! Secrets out of JSON before it is kept. Pure.
//!
//! The text stays as it is, byte for byte, but for the values of the named keys: numbers keep their digits, members their order, and
//! a key that occurs twice is redacted twice. A string that is itself a JSON object or list (the body of an HTTP event, of a queue's
//! message) is redacted inside. No recursion over the nesting of a document: whatever JSON a caller may send is taken.

use std::collections::HashSet;

use serde::de::IgnoredAny;

/// What stands in the place of a value.
const REDACTED: &str = "\"[REDACTED]\"";
/// JSON in strings in JSON is followed so deep.
const STRINGS_DEEP: usize = 4;

/// Keys whose values are replaced.
#[derive(Clone, Debug, Default)]
pub(super) struct Redaction {
    keys: HashSet<String>,
}

impl Redaction {
    /// The redaction of these keys, in any case.
    pub(super) fn of(keys: &[String]) -> Self {
        Self {
            keys: keys.iter().map(|key| key.to_lowercase()).collect(),
        }
    }

    /// `bytes` without the values of the keys; `None` when they are no JSON.
    pub(super) fn apply(&self, bytes: &[u8]) -> Option<String> {
        let text = std::str::from_utf8(bytes).ok()?;
        serde_json::from_str::<IgnoredAny>(text).ok()?;
        Some(self.redacted(text, STRINGS_DEEP))
    }

    /// The same of a text that is known to be JSON.
    fn redacted(&self, text: &str, strings_deep: usize) -> String {
        let mut out = String::with_capacity(text.len());
        let mut scanner = Scanner { text, at: 0 };
        // Whether each open bracket is an object's.
        let mut open: Vec<bool> = Vec::new();
        let mut key_comes = false;
        while let Some(byte) = scanner.peek() {
            let start = scanner.at;
            if byte != b'"' {
                match byte {
                    b'{' | b'[' => open.push(byte == b'{'),
                    b'}' | b']' => drop(open.pop()),
                    _ => {}
                }
                // What stands between two commas holds no brackets and is copied as it is.
                key_comes = match byte {
                    b'{' => true,
                    b',' => open.last() == Some(&true),
                    _ => key_comes,
                };
                scanner.step();
                out.push_str(&text[start..scanner.at]);
                continue;
            }
            scanner.skip_string();
            let string = &text[start..scanner.at];
            if !std::mem::take(&mut key_comes) {
                self.push_string(string, strings_deep, &mut out);
                continue;
            }
            scanner.skip_to_value();
            out.push_str(&text[start..scanner.at]);
            if self.names(string) {
                scanner.skip_value();
                out.push_str(REDACTED);
            }
        }
        out
    }

    /// Whether a key, as it is written, is to be redacted.
    fn names(&self, written: &str) -> bool {
        serde_json::from_str::<String>(written)
            .is_ok_and(|key| self.keys.contains(&key.to_lowercase()))
    }

    fn push_string(&self, written: &str, strings_deep: usize, out: &mut String) {
        match self.redacted_inside(written, strings_deep) {
            Some(inside) => out.push_str(&inside),
            None => out.push_str(written),
        }
    }

    /// A string that holds JSON, written anew when something in it is redacted.
    fn redacted_inside(&self, written: &str, strings_deep: usize) -> Option<String> {
        // Only an object has keys.
        if strings_deep == 0 || !written.contains('{') {
            return None;
        }
        let held: String = serde_json::from_str(written).ok()?;
        serde_json::from_str::<IgnoredAny>(&held).ok()?;
        let redacted = self.redacted(&held, strings_deep - 1);
        (redacted != held).then(|| serde_json::Value::from(redacted).to_string())
    }
}

/// A place in a text that is known to be JSON.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// One byte on; outside of strings JSON is ASCII.
    fn step(&mut self) {
        self.at += 1;
    }

    /// Past the string that begins here.
    fn skip_string(&mut self) {
        self.step();
        while let Some(byte) = self.peek() {
            self.step();
            match byte {
                b'"' => return,
                b'\\' => self.step(),
                _ => {}
            }
        }
    }

    /// From the end of a key to its value.
    fn skip_to_value(&mut self) {
        while self
            .peek()
            .is_some_and(|byte| byte == b':' || byte.is_ascii_whitespace())
        {
            self.step();
        }
    }

    /// Past the value that begins here.
    fn skip_value(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.skip_string();
                    if depth == 0 {
                        return;
                    }
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth == 0 => return,
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        return self.step();
                    }
                }
                b',' if depth == 0 => return,
                _ if depth == 0 && byte.is_ascii_whitespace() => return,
                _ => {}
            }
            self.step();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    use super::*;

    fn redaction() -> Redaction {
        Redaction::of(&["password".into(), "API Key".into(), "größe".into()])
    }

    fn redacted(text: &str) -> String {
        redaction().apply(text.as_bytes()).unwrap()
    }

    #[test]
    fn values_of_named_keys_are_replaced_and_the_rest_stays() {
        for (given, expected) in [
            (r#"{"password": "x"}"#, r#"{"password": "[REDACTED]"}"#),
            (
                r#"{ "PassWord" :{"a":[1,"}"]} ,"b":1}"#,
                r#"{ "PassWord" :"[REDACTED]" ,"b":1}"#,
            ),
            (r#"[{"api key":[1]},2]"#, r#"[{"api key":"[REDACTED]"},2]"#),
            (
                r#"{"p\u0061ssword":1,"GRÖSSE":2,"GRÖßE":3}"#,
                r#"{"p\u0061ssword":"[REDACTED]","GRÖSSE":2,"GRÖßE":"[REDACTED]"}"#,
            ),
            (
                r#"{"password":1,"password":null}"#,
                r#"{"password":"[REDACTED]","password":"[REDACTED]"}"#,
            ),
            (r#"["password","x"]"#, r#"["password","x"]"#),
            (r#""password""#, r#""password""#),
            (
                r#"{"a":"password","n":12345678901234567890.10}"#,
                r#"{"a":"password","n":12345678901234567890.10}"#,
            ),
            (
                r#"{"a\"":{"password":"\""}}"#,
                r#"{"a\"":{"password":"[REDACTED]"}}"#,
            ),
        ] {
            assert_eq!(redacted(given), expected);
        }
    }

    #[test]
    fn json_in_a_string_is_redacted_inside() {
        let body = json!({ "user": "u", "password": "x" }).to_string();
        let event = json!({ "body": body }).to_string();
        let kept: Value = serde_json::from_str(&redacted(&event)).unwrap();
        let inside: Value = serde_json::from_str(kept["body"].as_str().unwrap()).unwrap();
        assert_eq!(inside, json!({ "user": "u", "password": "[REDACTED]" }));
        let harmless = r#"{"body":"{\"a\": \u0031}","other":"{password"}"#;
        assert_eq!(redacted(harmless), harmless);
    }

    #[test]
    fn what_is_no_json_is_not_kept() {
        for wrong in [&b""[..], b"{", b"nope", b"NaN", b"{} {}", b"\xff"] {
            assert_eq!(redaction().apply(wrong), None);
        }
    }

    #[test]
    fn any_depth_is_taken() {
        let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
        assert_eq!(redacted(&deep), deep);
        let hidden = format!(r#"{{"password":{deep}}}"#);
        assert_eq!(redacted(&hidden), r#"{"password":"[REDACTED]"}"#);
    }

    /// What the redaction of a whole document must be.
    fn expected(value: Value) -> Value {
        match value {
            Value::Array(items) => items.into_iter().map(expected).collect(),
            Value::Object(members) => {
                let redacted = members.into_iter().map(|(key, value)| {
                    let is_named = redaction().keys.contains(&key.to_lowercase());
                    let value = if is_named {
                        json!("[REDACTED]")
                    } else {
                        expected(value)
                    };
                    (key, value)
                });
                Value::Object(redacted.collect::<Map<_, _>>())
            }
            other => other,
        }
    }

    fn documents() -> impl Strategy<Value = Value> {
        let key = prop_oneof![
            "[a-z\"\\\\é]{0,4}",
            Just("PASSWORD".to_owned()),
            Just("Api Key".to_owned())
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[ a-z\"\\\\,:é]{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 40, 4, move |inner| {
            let members = proptest::collection::btree_map(key.clone(), inner.clone(), 0..4);
            prop_oneof![
                proptest::collection::vec(inner, 0..4).prop_map(Value::from),
                members.prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_document_is_redacted_as_a_walk_over_its_tree_would(document in documents(), pretty: bool) {
            let text = if pretty { serde_json::to_string_pretty(&document).unwrap() } else { document.to_string() };
            let kept: Value = serde_json::from_str(&redacted(&text)).unwrap();
            prop_assert_eq!(kept, expected(document));
        }

        #[test]
        fn any_bytes_are_taken(bytes: Vec<u8>) {
            redaction().apply(&bytes);
        }
    }
}
