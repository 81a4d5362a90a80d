using BenchmarkDotNet.Attributes;
using SysGenId.Core.Generations;
using SysGenId.Core.Protocol;

namespace SysGenId.Benchmarks;

/// <summary>The line every sidecar gets for every bump.</summary>
public class Messages
{
    private readonly Message _delivery = new()
    {
        Op = Operation.Generation,
        Generation = 4711,
        Id = Guid.NewGuid(),
        Cause = GenerationCause.ContainerRestored,
        TimeNs = 1_700_000_000_000_000_000,
        GateProven = true,
    };

    private byte[] _line = [];

    [GlobalSetup]
    public void Write() => _line = MessageWriter.ToLine(_delivery)[..^1];

    [Benchmark]
    public int WriteDelivery() => MessageWriter.ToLine(_delivery).Length;

    [Benchmark]
    public uint? ReadDelivery() => MessageReader.TryParse(_line, out _)!.Generation;
}
