namespace SysGenId.Operator.Observability;

/// <summary>Names of metrics and labels. Public interface: dashboards and alerts use them; docs/metrics.md lists them.</summary>
internal static class MetricNames
{
    public const string BuildInfo = "sysgenid_build_info";
    public const string Reconciles = "sysgenid_reconciles_total";
    public const string ApiRequests = "sysgenid_api_requests_total";
    public const string ApiRequestDuration = "sysgenid_api_request_duration_seconds";

    public const string Generation = "sysgenid_generation";
    public const string Bumps = "sysgenid_bumps_total";
    public const string PublishDuration = "sysgenid_publish_duration_seconds";
    public const string Restores = "sysgenid_restores_total";
    public const string Checkpoints = "sysgenid_checkpoints_total";
    public const string Watchers = "sysgenid_watchers";
    public const string OutdatedWatchers = "sysgenid_outdated_watchers";
    public const string Sidecars = "sysgenid_sidecars";
    public const string GateProven = "sysgenid_gate_proven";
    public const string StateWritable = "sysgenid_state_writable";
    public const string NodeUnique = "sysgenid_node_unique";

    public const string SourceEvents = "sysgenid_source_events_total";
    public const string SourceActive = "sysgenid_source_active";
    public const string SourcePublishDuration = "sysgenid_source_publish_duration_seconds";

    public const string WebhookDecisions = "sysgenid_webhook_decisions_total";
    public const string WebhookDuration = "sysgenid_webhook_duration_seconds";
    public const string Leader = "sysgenid_leader";
    public const string Nodes = "sysgenid_nodes";
    public const string ClusterWatchers = "sysgenid_cluster_watchers";
    public const string ClusterOutdatedWatchers = "sysgenid_cluster_outdated_watchers";
    public const string CertificateExpiry = "sysgenid_certificate_expiry_timestamp_seconds";
}
