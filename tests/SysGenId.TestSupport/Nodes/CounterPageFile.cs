using System.Buffers.Binary;

namespace SysGenId.TestSupport.Nodes;

/// <summary>Reads a counter page as a foreign program would: the first 4 bytes of a file.</summary>
internal static class CounterPageFile
{
    public static uint ReadGeneration(string path)
    {
        Span<byte> word = stackalloc byte[4];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.ReadExactly(word);
        return BinaryPrimitives.ReadUInt32LittleEndian(word);
    }

    /// <summary>The generation UUID at offset 16.</summary>
    public static Guid ReadId(string path)
    {
        Span<byte> id = stackalloc byte[16];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = 16;
        file.ReadExactly(id);
        return new Guid(id, bigEndian: true);
    }
}
