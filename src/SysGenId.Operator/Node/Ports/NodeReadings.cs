namespace SysGenId.Operator.Node.Ports;

/// <summary>A port read as gauges.</summary>
/// <param name="port">The port.</param>
/// <param name="podNames">Namespaces of pods.</param>
/// <param name="isNodeUnique">Asked whether nobody else reports as this node; null where nobody knows.</param>
internal sealed class NodeReadings(NodePort port, IPodNames podNames, Func<bool?>? isNodeUnique = null) : INodeGauges
{
    public async Task<NodeGauges> ReadAsync()
    {
        var node = await port.LookAsync(CancellationToken.None).ConfigureAwait(false);
        return new NodeGauges
        {
            Generation = node.Current.Generation,
            Sidecars = node.Pods.Count,
            IsGateProven = node.Gate.IsProven,
            Sources = node.Sources.ToDictionary(source => source.Name, source => source.State.IsActive),
            IsStateWritable = node.StateFault is null,
            IsStateStored = node.IsStateStored,
            IsNodeUnique = isNodeUnique?.Invoke(),
            Watchers = node.Pods.GroupBy(pod => podNames.Find(pod.PodUid)?.Namespace ?? "").ToDictionary(pods => pods.Key, Sum),
        };
    }

    private static WatcherCounts Sum(IEnumerable<PodCounts> pods)
    {
        var (watchers, outdated) = (0L, 0L);
        foreach (var pod in pods) (watchers, outdated) = (watchers + pod.Watchers, outdated + pod.Outdated);
        return new WatcherCounts((int)Math.Min(int.MaxValue, watchers), (int)Math.Min(int.MaxValue, outdated));
    }
}
