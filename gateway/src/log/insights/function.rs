//! The functions of expressions.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html>
//!
//! None of them fails: what makes no sense is null. Texts that they make have a largest size.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::value::Value;

/// The largest text that a function makes; the rest is cut off.
const TEXT_BYTES: usize = 1 << 20;

/// Declares the functions: name, least and most arguments.
macro_rules! functions {
    ($($name:literal => $variant:ident($least:literal, $most:expr)),* $(,)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Function {
            $($variant,)*
        }

        impl Function {
            /// The function of this name, in small letters, and how many arguments it takes.
            pub(super) fn named(name: &str) -> Option<(Self, std::ops::RangeInclusive<usize>)> {
                match name {
                    $($name => Some((Self::$variant, $least..=$most)),)*
                    _ => None,
                }
            }
        }
    };
}

functions! {
    "abs" => Abs(1, 1),
    "ceil" => Ceil(1, 1),
    "floor" => Floor(1, 1),
    "greatest" => Greatest(1, usize::MAX),
    "least" => Least(1, usize::MAX),
    "log" => Log(1, 1),
    "sqrt" => Sqrt(1, 1),
    "frommillis" => FromMillis(1, 1),
    "tomillis" => ToMillis(1, 1),
    "now" => Now(0, 0),
    "ispresent" => IsPresent(1, 1),
    "coalesce" => Coalesce(1, usize::MAX),
    "isempty" => IsEmpty(1, 1),
    "isblank" => IsBlank(1, 1),
    "concat" => Concat(1, usize::MAX),
    "trim" => Trim(1, 2),
    "ltrim" => TrimStart(1, 2),
    "rtrim" => TrimEnd(1, 2),
    "strlen" => Length(1, 1),
    "toupper" => Upper(1, 1),
    "tolower" => Lower(1, 1),
    "substr" => Substring(2, 3),
    "replace" => Replace(3, 3),
    "strcontains" => Contains(2, 2),
    "isvalidip" => IsIp(1, 1),
    "isvalidipv4" => IsIpv4(1, 1),
    "isvalidipv6" => IsIpv6(1, 1),
}

impl Function {
    /// Its value; the number of arguments was held to its range.
    pub(super) fn call(self, arguments: &[Value], now_ms: i64) -> Value {
        let Some(first) = arguments.first() else {
            return Value::Number((now_ms / 1_000) as f64);
        };
        match self {
            Self::Abs => numeric(first, f64::abs),
            Self::Ceil => numeric(first, f64::ceil),
            Self::Floor => numeric(first, f64::floor),
            Self::Log => numeric(first, f64::ln),
            Self::Sqrt => numeric(first, f64::sqrt),
            Self::Greatest => extreme(arguments, f64::max),
            Self::Least => extreme(arguments, f64::min),
            Self::FromMillis => first.time_ms().map_or(Value::Null, Value::Time),
            Self::ToMillis => first
                .time_ms()
                .map_or(Value::Null, |ms| Value::Number(ms as f64)),
            Self::Now => Value::Number((now_ms / 1_000) as f64),
            Self::IsPresent => Value::Bool(!first.is_null()),
            Self::Coalesce => {
                let present = arguments.iter().find(|value| !value.is_null());
                present.cloned().unwrap_or_default()
            }
            Self::IsEmpty => Value::Bool(first.show().is_empty()),
            Self::IsBlank => Value::Bool(first.show().trim().is_empty()),
            Self::Concat => {
                let mut text = String::new();
                for argument in arguments {
                    push(&mut text, &argument.show());
                }
                Value::text(&text)
            }
            _ if first.is_null() => Value::Null,
            _ => self.of_text(&first.show(), &arguments[1..]),
        }
    }

    fn of_text(self, text: &str, others: &[Value]) -> Value {
        let other = |index: usize| others.get(index).map(Value::show).unwrap_or_default();
        let cut = other(0);
        let is_cut = |character: char| match others.is_empty() {
            true => character.is_whitespace(),
            false => cut.contains(character),
        };
        match self {
            Self::Trim => Value::text(text.trim_matches(is_cut)),
            Self::TrimStart => Value::text(text.trim_start_matches(is_cut)),
            Self::TrimEnd => Value::text(text.trim_end_matches(is_cut)),
            Self::Length => Value::Number(text.chars().count() as f64),
            Self::Upper => Value::text(&text.to_uppercase()),
            Self::Lower => Value::text(&text.to_lowercase()),
            Self::Substring => {
                let count =
                    |value: &Value| value.number().map_or(0, |number| number.max(0.0) as usize);
                let start = others.first().map_or(0, count);
                let length = others.get(1).map_or(usize::MAX, count);
                Value::text(&text.chars().skip(start).take(length).collect::<String>())
            }
            Self::Replace => Value::text(&replace(text, &cut, &other(1))),
            // AWS answers a number here.
            Self::Contains => Value::Number(f64::from(u8::from(text.contains(&*cut)))),
            Self::IsIp => Value::Bool(text.parse::<IpAddr>().is_ok()),
            Self::IsIpv4 => Value::Bool(text.parse::<Ipv4Addr>().is_ok()),
            Self::IsIpv6 => Value::Bool(text.parse::<Ipv6Addr>().is_ok()),
            _ => Value::Null,
        }
    }
}

fn numeric(value: &Value, function: impl Fn(f64) -> f64) -> Value {
    value
        .number()
        .map_or(Value::Null, |number| Value::of(function(number)))
}

fn extreme(values: &[Value], choose: impl Fn(f64, f64) -> f64) -> Value {
    let numbers = values.iter().filter_map(Value::number);
    numbers.reduce(choose).map_or(Value::Null, Value::of)
}

/// Appends what fits.
fn push(text: &mut String, more: &str) {
    let room = TEXT_BYTES.saturating_sub(text.len());
    text.push_str(&more[..more.floor_char_boundary(room)]);
}

fn replace(text: &str, search: &str, with: &str) -> String {
    if search.is_empty() {
        return text.to_owned();
    }
    let mut replaced = String::new();
    for (index, piece) in text.split(search).enumerate() {
        if index > 0 {
            push(&mut replaced, with);
        }
        push(&mut replaced, piece);
        if replaced.len() >= TEXT_BYTES {
            break;
        }
    }
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(name: &str, arguments: &[Value]) -> String {
        let (function, counts) = Function::named(name).unwrap();
        assert!(counts.contains(&arguments.len()), "{name}");
        function.call(arguments, 5_000).show().into_owned()
    }

    #[test]
    fn functions_compute_what_aws_says() {
        let (text, number) = (Value::text, Value::Number);
        for (name, arguments, expected) in [
            ("abs", vec![number(-2.5)], "2.5"),
            ("ceil", vec![text("1.2")], "2"),
            ("floor", vec![number(-1.2)], "-2"),
            ("greatest", vec![number(1.0), text("x"), number(3.0)], "3"),
            ("least", vec![number(1.0), number(3.0)], "1"),
            ("log", vec![number(0.0)], ""),
            ("sqrt", vec![number(9.0)], "3"),
            ("frommillis", vec![number(0.0)], "1970-01-01 00:00:00.000"),
            ("tomillis", vec![Value::Time(7)], "7"),
            ("now", vec![], "5"),
            ("ispresent", vec![Value::Null], "0"),
            ("coalesce", vec![Value::Null, text("b")], "b"),
            ("isempty", vec![Value::Null], "1"),
            ("isblank", vec![text(" ")], "1"),
            ("concat", vec![text("a"), Value::Null, number(1.0)], "a1"),
            ("trim", vec![text(" a ")], "a"),
            ("ltrim", vec![text("xxayx"), text("xy")], "ayx"),
            ("rtrim", vec![text("a ")], "a"),
            ("strlen", vec![text("zwei ☃")], "6"),
            ("toupper", vec![text("ab")], "AB"),
            ("tolower", vec![Value::Null], ""),
            ("substr", vec![text("☃abc"), number(1.0)], "abc"),
            ("substr", vec![text("abcd"), number(1.0), number(2.0)], "bc"),
            (
                "replace",
                vec![text("a-b-c"), text("-"), text("+")],
                "a+b+c",
            ),
            ("strcontains", vec![text("abc"), text("b")], "1"),
            ("isvalidip", vec![text("10.0.0.1")], "1"),
            ("isvalidipv6", vec![text("10.0.0.1")], "0"),
        ] {
            assert_eq!(call(name, &arguments), expected, "{name}");
        }
        assert!(Function::named("nothing").is_none());
    }

    #[test]
    fn texts_have_a_largest_size() {
        let large = Value::text(&"☃".repeat(TEXT_BYTES / 4));
        assert!(call("concat", &[large.clone(), large.clone(), large.clone()]).len() <= TEXT_BYTES);
        assert!(call("replace", &[large.clone(), Value::text("☃"), large]).len() <= TEXT_BYTES);
    }
}
