//! What a Rust program does with hearth: `rust-sdk-client ENDPOINT FUNCTION` invokes the function, which must be an echo, and
//! reads its metrics back. Prints `ok`, or fails with what was not as on AWS.
//!
//! This SDK speaks rpc-v2-cbor to CloudWatch, with request bodies that are CBOR maps of indefinite length.

use std::error::Error;
use std::time::{Duration, SystemTime};

use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{Dimension, MetricDatum, StandardUnit, Statistic};
use aws_sdk_lambda::error::ProvideErrorMetadata;
use aws_sdk_lambda::primitives::Blob;

const POLLS: u32 = 150;
const POLL_EVERY: Duration = Duration::from_millis(100);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let endpoint = arguments.next().ok_or("no endpoint")?;
    let function = arguments.next().ok_or("no function")?;

    lambda(&endpoint, &function).await?;
    metrics(&endpoint, &function).await?;
    println!("ok");
    Ok(())
}

async fn lambda(endpoint: &str, function: &str) -> Result<(), Box<dyn Error>> {
    let config = aws_sdk_lambda::Config::builder()
        .behavior_version(aws_sdk_lambda::config::BehaviorVersion::latest())
        .region(aws_sdk_lambda::config::Region::new("us-east-1"))
        .credentials_provider(aws_sdk_lambda::config::Credentials::new(
            "test", "test", None, None, "test",
        ))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(endpoint)
        .build();
    let client = aws_sdk_lambda::Client::from_conf(config);
    let answer = client
        .invoke()
        .function_name(function)
        .payload(Blob::new(br#"{"from":"rust"}"#))
        .send()
        .await?;
    assert_eq!(answer.status_code(), 200);
    assert_eq!(answer.executed_version(), Some("$LATEST"));
    assert_eq!(
        answer.payload().map(AsRef::as_ref),
        Some(&br#"{"from": "rust"}"#[..])
    );

    let refused = client.invoke().function_name("nobody").send().await;
    let error = refused
        .expect_err("there is no such function")
        .into_service_error();
    assert!(error.is_resource_not_found_exception(), "{error:?}");
    assert_eq!(
        error.message(),
        Some("Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody")
    );
    Ok(())
}

async fn metrics(endpoint: &str, function: &str) -> Result<(), Box<dyn Error>> {
    let config = aws_sdk_cloudwatch::Config::builder()
        .behavior_version(aws_sdk_cloudwatch::config::BehaviorVersion::latest())
        .region(aws_sdk_cloudwatch::config::Region::new("us-east-1"))
        .credentials_provider(aws_sdk_cloudwatch::config::Credentials::new(
            "test", "test", None, None, "test",
        ))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(endpoint)
        .build();
    let client = aws_sdk_cloudwatch::Client::from_conf(config);
    let datum = MetricDatum::builder()
        .metric_name("FromRust")
        .value(7.0)
        .unit(StandardUnit::Count)
        .build();
    client
        .put_metric_data()
        .namespace(function)
        .metric_data(datum)
        .send()
        .await?;

    let dimension = Dimension::builder()
        .name("FunctionName")
        .value(function)
        .build();
    wait_for_sum(&client, "AWS/Lambda", "Invocations", Some(dimension), 1.0).await?;
    wait_for_sum(&client, function, "FromRust", None, 7.0).await
}

async fn wait_for_sum(
    client: &aws_sdk_cloudwatch::Client,
    namespace: &str,
    metric: &str,
    dimension: Option<Dimension>,
    expected: f64,
) -> Result<(), Box<dyn Error>> {
    let now = SystemTime::now();
    let minutes = |count: u64| Duration::from_secs(60 * count);
    for _ in 0..POLLS {
        let answer = client
            .get_metric_statistics()
            .namespace(namespace)
            .metric_name(metric)
            .set_dimensions(dimension.clone().map(|dimension| vec![dimension]))
            .start_time(DateTime::from(now - minutes(5)))
            .end_time(DateTime::from(now + minutes(5)))
            .period(60)
            .statistics(Statistic::Sum)
            .send()
            .await?;
        let sum: f64 = answer
            .datapoints()
            .iter()
            .filter_map(|point| point.sum())
            .sum();
        if sum == expected {
            return Ok(());
        }
        tokio::time::sleep(POLL_EVERY).await;
    }
    Err(format!("{namespace} {metric} never summed up to {expected}").into())
}
