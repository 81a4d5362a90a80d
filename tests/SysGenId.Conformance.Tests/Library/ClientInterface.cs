using System.Globalization;
using SysGenId.Checkpoint.Tests;
using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.TestSupport.Programs;

namespace SysGenId.Conformance.Tests.Library;

/// <summary>The client library, on the sockets and the page of a sidecar as it is shipped.</summary>
internal sealed class ClientInterface : IContainedWatchers, INodeInterface
{
    private const string NoBytes = "Its operations take numbers, not buffers.";
    private const string NoDescriptor = "A watcher is an object of one process: its connection is neither passed on nor inherited.";

    public string Name => "client";

    public string Description => "`GenerationWatcher` of SysGenId.Client, on a `sysgenid-sidecar` process; as a static program where it is in a container";

    public IReadOnlyDictionary<Capability, string> Inexpressible { get; } = new Dictionary<Capability, string>
    {
        [Capability.ReadLengths] = NoBytes,
        [Capability.LongRead] = NoBytes,
        [Capability.AckLengths] = NoBytes,
        [Capability.AckInPieces] = NoBytes,
        [Capability.PageFile] = "It maps the page for its caller, read-only, and hands no file out.",
        [Capability.SharedHandle] = NoDescriptor,
        [Capability.Fork] = NoDescriptor,
        [Capability.UnknownOperation] = "Its operations are methods: there is no unknown one.",
        [Capability.Returning] = "What it handled last is what it acknowledged: it cannot come back with any other number.",
    };

    public string Command => "exec client-program follow /run/sysgenid /work";

    public int Watchers => 1;

    public async Task<IGenerationWorld> CreateAsync(uint generation)
    {
        // Begun early: later scenarios will ask for it.
        _ = ClientProgram.PathAsync();
        return await ClientWorld.StartAsync(generation);
    }

    public IPodView Look(string directory) => new ClientView(directory);

    public async Task<IReadOnlyList<string>> ProgramsAsync() => [await ClientProgram.PathAsync()];

    public async Task AreReadyAsync(Volume volume)
    {
        await volume.Log("page").NextAsync("ready");
        await volume.Log("wait").NextAsync("ready");
    }

    public async Task<IReadOnlyDictionary<string, uint>> FirstSeenAsync(Volume volume, DateTimeOffset between)
    {
        var gap = await volume.Log("page").FirstAsync(line => SpinnerGap.Covers(line, between), "the gap of the restore");
        return new Dictionary<string, uint>
        {
            ["Generation"] = SpinnerGap.Parse(gap).First,
            ["WaitForChangeAsync"] = Value(await volume.Log("wait").NextAsync("woke")),
            ["Guard"] = Value(await volume.Log("guard").NextAsync("value")),
        };
    }

    private static uint Value(string[] line) => uint.Parse(line[1], CultureInfo.InvariantCulture);
}
