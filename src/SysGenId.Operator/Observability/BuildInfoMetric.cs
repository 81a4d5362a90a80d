using System.Reflection;

namespace SysGenId.Operator.Observability;

/// <summary>Which version runs.</summary>
internal sealed class BuildInfoMetric
{
    public BuildInfoMetric(MetricSet metrics) =>
        metrics.Gauge(MetricNames.BuildInfo, "Always 1; the label names the version of the program.", "version").WithLabels(Version).Set(1);

    /// <summary>Such as <c>0.1.0</c>.</summary>
    public static string Version { get; } =
        typeof(BuildInfoMetric).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
