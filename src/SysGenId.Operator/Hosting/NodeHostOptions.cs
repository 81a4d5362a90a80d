using System.Net;
using Microsoft.Extensions.Logging;
using SysGenId.Operator.Cluster;
using SysGenId.Operator.Node;
using SysGenId.Operator.Observability;

namespace SysGenId.Operator.Hosting;

/// <summary>What the process of a node agent is started with.</summary>
internal sealed record NodeHostOptions
{
    public required NodeOptions Node { get; init; }

    /// <summary>The cluster; null on a plain host.</summary>
    public ClusterOptions? Cluster { get; init; }

    /// <summary>Where metrics and health are served; null: nowhere.</summary>
    public IPEndPoint? Http { get; init; }

    public LogLevel Level { get; init; } = LogLevel.Information;

    public LogFormat LogFormat { get; init; } = LogFormat.Text;
}
