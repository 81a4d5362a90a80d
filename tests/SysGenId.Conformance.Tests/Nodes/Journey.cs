using SysGenId.Checkpoint.Tests;
using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.Core.Watchers;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Containers;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Conformance.Tests.Nodes;

/// <summary>
/// What one container lives through: it watches on a node at 900, is dumped there, restored on a node at 3, restored at home
/// as well, and once more abroad with a record that claims to come from far ahead. Scenarios look at what was seen.
/// </summary>
internal sealed class Journey : IAsyncDisposable
{
    /// <summary>Where the node stands that the container is dumped on.</summary>
    public const uint Home = 900;

    /// <summary>Where the node stands that it moves to.</summary>
    public const uint Abroad = 3;

    /// <summary>What the changed record claims.</summary>
    public const uint FarAhead = 4294967000;

    private const string Permission = "go";

    private readonly List<IAsyncDisposable> _made = [];

    /// <summary>How many watchers the container has.</summary>
    public int Watchers { get; private init; }

    /// <summary>The name of the generation it was dumped at.</summary>
    public Guid IdAtDump { get; private set; }

    /// <summary>How many watchers the record of its checkpoint has, and the generation.</summary>
    public (int Watchers, uint Generation) Record { get; private set; }

    public Arrival AtHome { get; private set; } = null!;

    public Arrival AfterMoving { get; private set; } = null!;

    public Arrival FromFarAhead { get; private set; } = null!;

    /// <summary>The pod beside it abroad, when it had arrived, and after it had come from far ahead.</summary>
    public (uint Moved, uint FarAhead) Neighbour { get; private set; }

    public static async Task<Journey> MakeAsync(IContainedWatchers watchers)
    {
        var journey = new Journey { Watchers = watchers.Watchers };
        try
        {
            await journey.TravelAsync(watchers);
            return journey;
        }
        catch
        {
            await journey.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var made in Enumerable.Reverse(_made)) await made.DisposeAsync();
    }

    private async Task TravelAsync(IContainedWatchers watchers)
    {
        var home = await PodAsync(await NodeAtAsync(Home));
        var abroad = await PodAsync(await NodeAtAsync(Abroad));
        var neighbour = await PodAsync(abroad.Node);
        var checkpoint = await DumpAsync(home, watchers);

        AfterMoving = await RestoreAsync(abroad, checkpoint, watchers);
        await Eventually.HoldsAsync(() => neighbour.Generation > Abroad);
        var moved = neighbour.Generation;
        AtHome = await RestoreAsync(home, checkpoint, watchers);
        checkpoint.ChangeRecord(record => record["generation"] = FarAhead);
        FromFarAhead = await RestoreAsync(abroad, checkpoint, watchers);
        await Eventually.HoldsAsync(() => neighbour.Generation > moved);
        Neighbour = (moved, neighbour.Generation);
    }

    private async Task<NodeUnderTest> NodeAtAsync(uint generation)
    {
        var created = await CheckpointNamespace.CreateAsync();
        _made.Add(created);
        var node = await NodeUnderTest.StartAsync(created);
        await node.ForceAsync(generation);
        return node;
    }

    private async Task<PodOnNode> PodAsync(NodeUnderTest node)
    {
        var pod = await TestPods.CreateAsync(node);
        _made.Add(pod);
        await Eventually.HoldsAsync(() => pod.Generation == node.Generation);
        return pod;
    }

    private async Task<TestSupport.Containers.Checkpoint> DumpAsync(PodOnNode pod, IContainedWatchers watchers)
    {
        var volume = pod.CreateVolume();
        volume.CreateFile(Permission);
        var programs = await watchers.ProgramsAsync();
        var container = await pod.RunAsync(volume, watchers.Command, options => options with { Programs = [.. options.Programs, .. programs] });
        await watchers.AreReadyAsync(volume);
        await Eventually.HoldsAsync(async () => await CountsAsync(pod) is { Outdated: 0 } counts && counts.Watchers == Watchers);
        IdAtDump = pod.Sidecar.Id;
        var checkpoint = await container.CheckpointAsync();
        Record = (checkpoint.Record!["watchers"]!.GetValue<int>(), checkpoint.Record["generation"]!.GetValue<uint>());
        return checkpoint;
    }

    private static async Task<Arrival> RestoreAsync(PodOnNode pod, TestSupport.Containers.Checkpoint checkpoint, IContainedWatchers watchers)
    {
        var before = pod.Generation;
        var volume = pod.CreateVolume();
        var between = TimeProvider.System.GetUtcNow();
        await using var clone = await pod.RestoreAsync(checkpoint, volume);
        var (generation, node, id, counts) = (pod.Generation, pod.Node.Generation, pod.Sidecar.Id, await CountsAsync(pod));
        var early = await WaitAsync(pod, timeoutMs: 50);
        var seen = await watchers.FirstSeenAsync(volume, between);
        volume.CreateFile(Permission);
        return new Arrival(before, generation, node, id, seen, counts, early, await WaitAsync(pod, timeoutMs: 0));
    }

    private static async Task<string> WaitAsync(PodOnNode pod, int timeoutMs)
    {
        var answer = await pod.Sidecar.AskAsync(new { op = "wait-watchers", timeoutMs });
        return answer.GetProperty("ok").GetBoolean() ? "" : answer.GetProperty("error").GetString()!;
    }

    private static async Task<WatcherCounts> CountsAsync(PodOnNode pod)
    {
        var answer = await pod.Sidecar.WatchersAsync();
        return new WatcherCounts(answer.GetProperty("generation").GetUInt32(), Count("watchers"), Count("outdated"), Count("expected"));

        int Count(string name) => answer.GetProperty(name).GetInt32();
    }
}
