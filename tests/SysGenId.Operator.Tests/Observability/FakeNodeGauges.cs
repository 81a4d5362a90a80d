using SysGenId.Operator.Node;

namespace SysGenId.Operator.Tests.Observability;

/// <summary>An agent's loop that answers at once, or not at all.</summary>
internal sealed class FakeNodeGauges : INodeGauges
{
    private readonly TaskCompletionSource<NodeGauges> _never = new();

    public NodeGauges Gauges { get; set; } = new()
    {
        Generation = uint.MaxValue,
        Sidecars = 3,
        IsGateProven = true,
        IsStateWritable = true,
        IsStateStored = true,
        IsNodeUnique = true,
        Sources = new Dictionary<string, bool> { ["criu"] = true, ["vmclock"] = false },
        Watchers = new Dictionary<string, WatcherCounts> { ["shop"] = new(7, 2), [""] = new(1, 0) },
    };

    public bool Hangs { get; set; }

    public bool HasEnded { get; set; }

    public int Questions { get; private set; }

    public Task<NodeGauges> ReadAsync()
    {
        Questions++;
        if (HasEnded) return Task.FromCanceled<NodeGauges>(new CancellationToken(canceled: true));
        return Hangs ? _never.Task : Task.FromResult(Gauges);
    }
}
