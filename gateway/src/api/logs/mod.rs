//! CloudWatch Logs' operations, one file each.

mod create_log_group;
mod create_log_stream;
mod delete_log_group;
mod delete_log_stream;
mod delete_retention_policy;
mod describe_log_groups;
mod describe_log_streams;
mod describe_queries;
mod error;
mod filter_log_events;
mod get_log_events;
mod get_log_record;
mod get_query_results;
mod group;
mod put_log_events;
mod put_retention_policy;
mod query;
mod start_live_tail;
mod start_query;
mod stop_query;
mod token;

crate::api::operations! {
    CreateLogGroup => create_log_group,
    CreateLogStream => create_log_stream,
    DeleteLogGroup => delete_log_group,
    DeleteLogStream => delete_log_stream,
    DeleteRetentionPolicy => delete_retention_policy,
    DescribeLogGroups => describe_log_groups,
    DescribeLogStreams => describe_log_streams,
    DescribeQueries => describe_queries,
    FilterLogEvents => filter_log_events,
    GetLogEvents => get_log_events,
    GetLogRecord => get_log_record,
    GetQueryResults => get_query_results,
    PutLogEvents => put_log_events,
    PutRetentionPolicy => put_retention_policy,
    StartLiveTail => start_live_tail,
    StartQuery => start_query,
    StopQuery => stop_query,
}
