//! CloudWatch Logs' operations, one file each.

mod create_log_group;
mod create_log_stream;
mod delete_log_group;
mod delete_log_stream;
mod delete_retention_policy;
mod describe_log_groups;
mod describe_log_streams;
mod error;
mod filter_log_events;
mod get_log_events;
mod group;
mod put_log_events;
mod put_retention_policy;
mod start_live_tail;
mod token;

crate::api::operations! {
    CreateLogGroup => create_log_group,
    CreateLogStream => create_log_stream,
    DeleteLogGroup => delete_log_group,
    DeleteLogStream => delete_log_stream,
    DeleteRetentionPolicy => delete_retention_policy,
    DescribeLogGroups => describe_log_groups,
    DescribeLogStreams => describe_log_streams,
    FilterLogEvents => filter_log_events,
    GetLogEvents => get_log_events,
    PutLogEvents => put_log_events,
    PutRetentionPolicy => put_retention_policy,
    StartLiveTail => start_live_tail,
}
