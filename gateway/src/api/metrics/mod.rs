//! CloudWatch's operations, one file each.

mod error;
mod get_metric_data;
mod get_metric_statistics;
mod list_metrics;
mod put_metric_data;
mod query;
mod shape;
mod token;

crate::api::operations! {
    GetMetricData => get_metric_data,
    GetMetricStatistics => get_metric_statistics,
    ListMetrics => list_metrics,
    PutMetricData => put_metric_data,
}
