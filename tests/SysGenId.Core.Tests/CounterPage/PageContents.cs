using System.Buffers.Binary;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Generations;

namespace SysGenId.Core.Tests.CounterPage;

/// <summary>Page contents whose every field follows from the generation, so that a mixture of two is seen.</summary>
internal static class PageContents
{
    public static PageContent Of(uint generation) =>
        new(generation, Id(generation), generation * 1000L, GenerationCause.Forced, PageFlags.AgentConnected, (int)(generation & 0xFFFF), (int)(generation & 0xFF));

    private static Guid Id(uint generation)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Fill(0xA5);
        BinaryPrimitives.WriteUInt32BigEndian(bytes, generation);
        return new Guid(bytes, bigEndian: true);
    }
}
