/** Metrics that are not stored gauges, and those of Temporal's SDK that are read. `test/monitoring` finds out whether they exist. */
export const otherMetrics = [
  'cpor_claim_metrics_up',
  'cpor_database_connections',
  'cpor_http_request_duration_seconds_count',
  'cpor_http_request_duration_seconds_bucket',
  'temporal_workflow_task_execution_failed',
  'temporal_workflow_task_schedule_to_start_latency_bucket',
  'temporal_activity_schedule_to_start_latency_bucket',
  'temporal_sticky_cache_size',
  'temporal_request_latency_bucket',
];
