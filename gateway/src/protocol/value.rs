//! The values of a JSON or CBOR body, bounded in number: in memory a value takes many times the one byte that it may be on the wire,
//! and a compressed body makes such bytes cheap to send.

use std::cell::Cell;
use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ciborium::de::Error as CborError;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, MapAccess,
    SeqAccess, VariantAccess, Visitor,
};
use serde_json::{Map, Number, Value};

use super::{AwsError, MAX_VALUES, unreadable};

/// Nesting that a CBOR body may have; serde_json has a bound of its own.
const MAX_DEPTH: usize = 64;
/// CBOR's tag for epoch seconds.
pub(super) const EPOCH_TAG: u64 = 1;

/// Reads a JSON body.
///
/// # Errors
/// No JSON, or too many values.
pub(super) fn from_json(body: &[u8]) -> Result<Value, AwsError> {
    let read = serde_json::from_slice::<Bounded>(body);
    read.map(|value| value.0).map_err(|error| {
        unreadable(if error.is_data() {
            error.to_string()
        } else {
            format!("the body is not JSON: {error}")
        })
    })
}

/// Reads a CBOR body; blobs become base64 text, timestamps epoch seconds.
///
/// # Errors
/// No CBOR, what JSON cannot hold, or too many values.
pub(super) fn from_cbor(body: &[u8]) -> Result<Value, AwsError> {
    let read = ciborium::de::from_reader_with_recursion_limit::<Bounded, _>(body, MAX_DEPTH);
    read.map(|value| value.0).map_err(|error| {
        unreadable(match error {
            CborError::Semantic(_, message) => message,
            error => format!("the body is not CBOR: {error}"),
        })
    })
}

/// A whole body.
struct Bounded(Value);

impl<'de> Deserialize<'de> for Bounded {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let left = Cell::new(MAX_VALUES);
        let value = Reader { left: &left }.deserialize(deserializer)?;
        Ok(Self(value))
    }
}

/// Reads one value, and those in it.
#[derive(Clone, Copy)]
struct Reader<'a> {
    /// Values that may still come.
    left: &'a Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| {
            let message = format!("the body has more than {MAX_VALUES} values");
            D::Error::custom(message)
        })?;
        self.left.set(left);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value that JSON has")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Value, E> {
        Ok(flag.into())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        let number = Number::from_f64(number).map(Value::Number);
        number.ok_or_else(|| E::custom("a number is not finite"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Value, E> {
        Ok(BASE64_STANDARD.encode(bytes).into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            map.insert(key, entries.next_value_seed(self)?);
        }
        Ok(map.into())
    }

    /// This is how ciborium gives a tagged value: a variant of the tag and the value.
    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Value, A::Error> {
        let (_, tagged) = tagged.variant::<IgnoredAny>()?;
        tagged.tuple_variant(2, Tagged(self))
    }
}

/// Reads a tag and its value.
struct Tagged<'a>(Reader<'a>);

impl<'de> Visitor<'de> for Tagged<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("epoch seconds under tag 1")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Value, A::Error> {
        if parts.next_element::<u64>()? != Some(EPOCH_TAG) {
            return Err(A::Error::custom("a value has an unknown tag"));
        }
        let value = parts.next_element_seed(self.0)?;
        value.ok_or_else(|| A::Error::custom("a tag has no value"))
    }
}

#[cfg(test)]
mod tests {
    use ciborium::Value as Cbor;
    use ciborium::cbor;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn encoded(value: &Cbor) -> Vec<u8> {
        let mut bytes = Vec::new();
        ciborium::into_writer(value, &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn cbor_becomes_what_json_has() {
        let moment = Cbor::Tag(EPOCH_TAG, Box::new(Cbor::Float(1.5)));
        let value = cbor!({
            "whole" => -3, "large" => u64::MAX, "blob" => Cbor::Bytes(vec![255; 3]), "moment" => moment, "nothing" => null,
            "list" => [true, "text", "long ".repeat(2_000)], "blobs" => Cbor::Bytes(vec![0; 6_000]),
        });
        assert_eq!(
            from_cbor(&encoded(&value.unwrap())).unwrap(),
            json!({
                "whole": -3, "large": u64::MAX, "blob": "////", "moment": 1.5, "nothing": null,
                "list": [true, "text", "long ".repeat(2_000)], "blobs": "A".repeat(8_000),
            })
        );
    }

    #[test]
    fn what_json_cannot_hold_is_refused() {
        for (value, message) in [
            (Cbor::Float(f64::NAN), "a number is not finite"),
            (
                Cbor::Tag(99, Box::new(Cbor::Null)),
                "a value has an unknown tag",
            ),
        ] {
            let error = from_cbor(&encoded(&value)).unwrap_err();
            assert_eq!(
                (error.code, error.message.as_str()),
                ("SerializationException", message)
            );
        }
        assert!(from_cbor(b"\xa1\x01\x02").is_err(), "a key is no text");
        assert!(from_cbor(&[0x81; 1_000]).is_err(), "nesting is bounded");
        assert!(from_cbor(&[0xc1; 1_000]).is_err(), "nesting is bounded");
    }

    #[test]
    fn values_are_bounded_in_number() {
        let list = |items: usize| format!("[{}0]", "0,".repeat(items - 1));
        assert!(from_json(list(MAX_VALUES - 1).as_bytes()).is_ok());
        let error = from_json(list(MAX_VALUES).as_bytes()).unwrap_err();
        let message = format!("the body has more than {MAX_VALUES} values");
        assert!(error.message.starts_with(&message), "{}", error.message);
        let nulls = [&b"\x9b\0\0\0\xff\xff\xff\xff\xff"[..], &[0xf6; MAX_VALUES]].concat();
        assert_eq!(from_cbor(&nulls).unwrap_err().message, message);
    }

    #[test]
    fn only_one_value_is_a_body() {
        let error = from_json(b"{} {}").unwrap_err();
        assert!(
            error.message.starts_with("the body is not JSON: "),
            "{}",
            error.message
        );
    }

    proptest! {
        #[test]
        fn json_is_read_as_serde_json_reads_it(text in "[\\[\\]{}\",:0-9a-e.+ \\-]{0,30}") {
            let wanted = serde_json::from_str::<Value>(&text).ok();
            prop_assert_eq!(from_json(text.as_bytes()).ok(), wanted);
        }
    }
}
