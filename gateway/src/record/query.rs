//! What a reader of the records may ask for, and where a page ends. Pure.

use uuid::Uuid;

/// In which order records are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The latest beginning first.
    #[default]
    Recent,
    /// The most billed GB-seconds first; the latest of equals first.
    Expensive,
}

/// A list of an account's records in a region.
#[derive(Clone, Debug)]
pub struct Query {
    /// Twelve digits.
    pub account: String,
    /// Such as `us-east-1`.
    pub region: String,
    /// Of this function only.
    pub function: Option<String>,
    /// In which order.
    pub order: Order,
    /// Only those whose last run did not succeed.
    pub failed: bool,
    /// Begun at this time or later, milliseconds since the epoch.
    pub from_ms: i64,
    /// Begun at this time or earlier, milliseconds since the epoch.
    pub to_ms: i64,
    /// Behind this place.
    pub after: Option<Place>,
    /// At most so many.
    pub limit: usize,
}

/// Where an invocation stands in an order: a later place in the list is a smaller value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Billed milliseconds times MiB; 0 where the order does not ask.
    cost: u64,
    started_ms: i64,
    request_id: Uuid,
}

impl Order {
    /// The place of an invocation.
    pub(super) fn place(self, cost: u64, started_ms: i64, request_id: Uuid) -> Place {
        let cost = match self {
            Self::Recent => 0,
            Self::Expensive => cost,
        };
        Place {
            cost,
            started_ms,
            request_id,
        }
    }

    fn letter(self) -> &'static str {
        match self {
            Self::Recent => "r",
            Self::Expensive => "e",
        }
    }
}

impl Place {
    /// As a token that [`Place::of_token`] reads.
    pub fn token(self, order: Order) -> String {
        let Self {
            cost,
            started_ms,
            request_id,
        } = self;
        let id = request_id.simple();
        format!("{}.{cost:x}.{started_ms}.{id}", order.letter())
    }

    /// The place that a token of a list in `order` names; `None` when it is none.
    pub fn of_token(token: &str, order: Order) -> Option<Self> {
        let mut parts = token.split('.');
        let is_same = parts.next() == Some(order.letter());
        let place = Self {
            cost: u64::from_str_radix(parts.next()?, 16).ok()?,
            started_ms: parts.next()?.parse().ok()?,
            request_id: parts.next()?.parse().ok()?,
        };
        (is_same && parts.next().is_none()).then_some(place)
    }

    pub(super) fn started_ms(self) -> i64 {
        self.started_ms
    }

    pub(super) fn request_id(self) -> Uuid {
        self.request_id
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_token_names_its_place(cost: u64, started_ms: i64, id: u128, expensive: bool) {
            let order = if expensive { Order::Expensive } else { Order::Recent };
            let place = order.place(cost, started_ms, Uuid::from_u128(id));
            prop_assert_eq!(Place::of_token(&place.token(order), order), Some(place));
            let other = if expensive { Order::Recent } else { Order::Expensive };
            prop_assert_eq!(Place::of_token(&place.token(order), other), None);
        }

        #[test]
        fn any_text_is_a_token_or_refused(text in "\\PC{0,60}") {
            Place::of_token(&text, Order::Recent);
        }
    }
}
