using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Sources;

/// <summary>
/// Has the kernel seed its random numbers anew before a bump is named after them (S24): of itself it does so for vmgenid
/// only, and two copies of a machine that learn of it in another way would draw the same name.
/// </summary>
internal sealed class KernelReseed(TimeProvider clock, ILogger log)
{
    // Both clocks: wall clock and counter.
    private const int ClockLength = 2 * sizeof(long);

    /// <summary>Mixes in what a source has read, and the time: what differs between copies. Failing is no fault of the node's.</summary>
    public void Mix(ReadOnlySpan<byte> read)
    {
        Span<byte> mix = stackalloc byte[read.Length + ClockLength];
        read.CopyTo(mix);
        BinaryPrimitives.WriteInt64LittleEndian(mix[read.Length..], clock.GetUtcNow().Ticks);
        BinaryPrimitives.WriteInt64LittleEndian(mix[(read.Length + sizeof(long))..], clock.GetTimestamp());
        if (!KernelRandom.TryReseed(mix, out var error)) log.KernelNotReseeded(error);
    }
}
