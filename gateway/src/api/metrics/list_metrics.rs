//! ListMetrics: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html>.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::shape::{Dimension, series_key};
use super::token;
use crate::api::{Call, Reply, Services};
use crate::metric::SeriesKey;
use crate::protocol::AwsError;

/// Metrics of one page.
const PAGE: usize = 500;
/// What `RecentlyActive=PT3H` means, seconds.
const RECENTLY_S: i64 = 3 * 3_600;

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Input {
    namespace: Option<String>,
    metric_name: Option<String>,
    dimensions: Vec<Filter>,
    recently_active: Option<String>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Filter {
    name: String,
    value: Option<String>,
}

/// Where a page ended.
#[derive(Serialize, Deserialize)]
struct Place {
    namespace: String,
    name: String,
    dimensions: Vec<(String, String)>,
}

impl Input {
    fn wants(&self, key: &SeriesKey) -> bool {
        let same = |wanted: &Option<String>, found: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == found)
        };
        let has = |filter: &Filter| {
            let mut found = key.dimensions.iter();
            found.any(|(name, value)| *name == filter.name && same(&filter.value, value))
        };
        same(&self.namespace, &key.namespace)
            && same(&self.metric_name, &key.name)
            && self.dimensions.iter().all(has)
    }
}

/// Answers ListMetrics.
///
/// # Errors
/// An unknown token.
pub async fn handle(call: Call, services: &Services) -> Result<Reply, AwsError> {
    let input: Input = call.input()?;
    let identity = &call.identity;
    let after = match &input.next_token {
        None => None,
        Some(text) => {
            let place: Place = token::read(text)?;
            Some(series_key(
                identity,
                place.namespace,
                place.name,
                place.dimensions,
            ))
        }
    };
    let since_s = match input.recently_active {
        Some(_) => services.clock.now_ms() / 1_000 - RECENTLY_S,
        None => i64::MIN,
    };
    let mut page = services.metrics.list(
        &identity.account,
        &identity.region,
        after.as_ref(),
        PAGE + 1,
        |key, last_s| last_s >= since_s && input.wants(key),
    );
    let is_last = page.len() <= PAGE;
    page.truncate(PAGE);
    let metrics: Vec<_> = page.iter().map(|listed| shape(&listed.key)).collect();
    let mut output = json!({ "Metrics": metrics });
    if let (false, Some(last)) = (is_last, page.last()) {
        output["NextToken"] = json!(token::write(&Place {
            namespace: last.key.namespace.clone(),
            name: last.key.name.clone(),
            dimensions: last.key.dimensions.clone(),
        }));
    }
    Ok(Reply::of(output))
}

fn shape(key: &SeriesKey) -> serde_json::Value {
    let dimension = |(name, value): &(String, String)| Dimension {
        name: name.clone(),
        value: value.clone(),
    };
    let dimensions: Vec<_> = key.dimensions.iter().map(dimension).collect();
    json!({ "Namespace": key.namespace, "MetricName": key.name, "Dimensions": dimensions })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_hold_together() {
        let key = SeriesKey {
            account: String::new(),
            region: String::new(),
            namespace: "N".to_owned(),
            name: "M".to_owned(),
            dimensions: vec![
                ("D".to_owned(), "1".to_owned()),
                ("E".to_owned(), "2".to_owned()),
            ],
        };
        let wants = |input: serde_json::Value| {
            serde_json::from_value::<Input>(input)
                .expect("valid")
                .wants(&key)
        };
        assert!(wants(json!({})));
        assert!(wants(json!({"Namespace": "N", "MetricName": "M"})));
        assert!(wants(
            json!({"Dimensions": [{"Name": "E"}, {"Name": "D", "Value": "1"}]})
        ));
        assert!(!wants(
            json!({"Dimensions": [{"Name": "E"}, {"Name": "D", "Value": "2"}]})
        ));
        assert!(!wants(json!({"Dimensions": [{"Name": "F"}]})));
        assert!(!wants(json!({"Namespace": "N", "MetricName": "O"})));
    }
}
