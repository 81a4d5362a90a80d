using SysGenId.Conformance.Tests.Interfaces;

namespace SysGenId.Conformance.Tests.Pure;

/// <summary>The contract without anybody around it: the registry of watchers, and the page it is shown on.</summary>
internal sealed class CoreInterface : IGenerationInterface
{
    private const string NoBytes = "Its operations take numbers, not buffers.";
    private const string NoProcesses = "It has no descriptors and no processes: a handle is an object.";
    private const string NoNode = "It is no program: names, records, scopes, policies and the gate are what agent, hook and sidecar make of it.";

    public string Name => "core";

    public string Description => "`WatcherRegistry` and `CounterPageWriter` of SysGenId.Core, called directly";

    public IReadOnlyDictionary<Capability, string> Inexpressible { get; } = new Dictionary<Capability, string>
    {
        [Capability.BlockingRead] = "It has no threads: who sleeps is up to its caller.",
        [Capability.ReadLengths] = NoBytes,
        [Capability.LongRead] = NoBytes,
        [Capability.AckLengths] = NoBytes,
        [Capability.AckInPieces] = NoBytes,
        [Capability.SharedHandle] = NoProcesses,
        [Capability.Crash] = NoProcesses,
        [Capability.Fork] = NoProcesses,
        [Capability.Force] = "It does not know who calls: whoever serves it asks the kernel.",
        [Capability.UnknownOperation] = "Its operations are methods: there is no unknown one.",
        [Capability.Quiescence] = "It has no connections: the sidecar's are closed for a checkpoint.",
        [Capability.Nodes] = NoNode,
        [Capability.Gate] = NoNode,
        [Capability.Containers] = NoNode,
    };

    public Task<IGenerationWorld> CreateAsync(uint generation) => Task.FromResult<IGenerationWorld>(new CoreWorld(generation));
}
