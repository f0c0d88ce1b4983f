//! The units that CloudWatch knows: a closed set, kept as a number.

use serde::{Deserialize, Serialize};

const NAMES: [&str; 27] = [
    "None",
    "Count",
    "Seconds",
    "Microseconds",
    "Milliseconds",
    "Bytes",
    "Kilobytes",
    "Megabytes",
    "Gigabytes",
    "Terabytes",
    "Bits",
    "Kilobits",
    "Megabits",
    "Gigabits",
    "Terabits",
    "Percent",
    "Bytes/Second",
    "Kilobytes/Second",
    "Megabytes/Second",
    "Gigabytes/Second",
    "Terabytes/Second",
    "Bits/Second",
    "Kilobits/Second",
    "Megabits/Second",
    "Gigabits/Second",
    "Terabits/Second",
    "Count/Second",
];

/// One of CloudWatch's units. Its number is stored, so the order of the names must never change.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(into = "u8", from = "u8")]
pub struct Unit(u8);

impl Unit {
    /// No unit.
    pub const NONE: Self = Self(0);
    /// How many.
    pub const COUNT: Self = Self(1);
    /// Thousandths of a second.
    pub const MILLISECONDS: Self = Self(4);

    /// The unit with this name.
    pub fn named(name: &str) -> Option<Self> {
        let at = NAMES.iter().position(|known| *known == name)?;
        u8::try_from(at).ok().map(Self)
    }

    /// Such as `Milliseconds`.
    pub fn name(self) -> &'static str {
        NAMES.get(usize::from(self.0)).copied().unwrap_or(NAMES[0])
    }
}

impl From<Unit> for u8 {
    fn from(unit: Unit) -> Self {
        unit.0
    }
}

impl From<u8> for Unit {
    /// A number that no unit has (a record of a newer hearth) is read as no unit.
    fn from(number: u8) -> Self {
        match usize::from(number) < NAMES.len() {
            true => Self(number),
            false => Self::NONE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_and_names_agree() {
        assert_eq!(Unit::NONE.name(), "None");
        assert_eq!(Unit::COUNT.name(), "Count");
        assert_eq!(Unit::MILLISECONDS.name(), "Milliseconds");
        for name in NAMES {
            assert_eq!(Unit::named(name).map(Unit::name), Some(name));
        }
        assert_eq!(Unit::named("Furlongs"), None);
        assert_eq!(Unit::from(200), Unit::NONE);
    }
}
