using SysGenId.Conformance.Tests.Interfaces;

namespace SysGenId.Conformance.Tests.Models;

/// <summary>
/// What a device file would do, on top of the registry: no column of the table, but what keeps the scenarios right that
/// nothing else can express yet, and the drivers' interface wide enough for a device.
/// </summary>
internal sealed class ModelInterface : IGenerationInterface
{
    private static readonly Capability[] _expressible =
    [
        Capability.Watchers, Capability.BlockingRead, Capability.RepeatedRead,
        Capability.ReadLengths, Capability.LongRead, Capability.AckLengths,
    ];

    public string Name => "model";

    public string Description => "a model of a device file";

    public IReadOnlyDictionary<Capability, string> Inexpressible { get; } =
        Enum.GetValues<Capability>().Except(_expressible).ToDictionary(lacking => lacking, _ => "It is a model of a file, and of nothing else.");

    public Task<IGenerationWorld> CreateAsync(uint generation) => Task.FromResult<IGenerationWorld>(new ModelWorld(generation));
}
