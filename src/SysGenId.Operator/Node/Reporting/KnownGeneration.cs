using Microsoft.Extensions.Logging;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;

namespace SysGenId.Operator.Node.Reporting;

/// <summary>Asks the API server what a node without any state had reached, before its agent begins at 0 (S02).</summary>
internal sealed class KnownGeneration(ClusterConnection cluster, string node, TimeProvider clock, ILogger log)
{
    // A hook waits for its agent for some seconds. Who is not heard in time is heard later: the agent then goes above it.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    /// <summary>The generation of the node's object; null when it has none, or could not be asked.</summary>
    public uint? Ask()
    {
        using var patience = new CancellationTokenSource(_patience, clock);
        try
        {
            var present = cluster.SendAsync<SystemGeneration>(
                HttpMethod.Get, ResourceAddress.Object<SystemGeneration>(null, node), null, patience.Token).GetAwaiter().GetResult();
            return present.Status?.Generation is > 0 and <= uint.MaxValue and var known ? (uint)known : null;
        }
        catch (Exception mistake) when (ApiFault.Of(mistake, CancellationToken.None) is { IsNotFound: true })
        {
            return null;
        }
        catch (Exception mistake)
        {
            // Whatever it is, the node has to be served.
            log.KnownElsewhereUnasked(ApiFault.Of(mistake, CancellationToken.None)?.Message ?? mistake.Message);
            return null;
        }
    }
}
