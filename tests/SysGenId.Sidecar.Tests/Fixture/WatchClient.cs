using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace SysGenId.Sidecar.Tests.Fixture;

/// <summary>A watcher as any language would write it.</summary>
internal sealed class WatchClient(string path) : StreamClient(path)
{
    /// <summary>Whether a read would not block.</summary>
    public bool IsReadable => Socket.Poll(0, SelectMode.SelectRead);

    /// <summary>The next word; waits for it.</summary>
    public uint Read()
    {
        uint word = 0;
        var bytes = MemoryMarshal.AsBytes(new Span<uint>(ref word));
        for (var length = 0; length < bytes.Length;)
        {
            var count = Socket.Receive(bytes[length..]);
            if (count == 0) throw new EndOfStreamException();
            length += count;
        }

        return word;
    }

    /// <summary>Reads until a word is the expected one; earlier ones may come before it.</summary>
    public void ReadUntil(uint expected)
    {
        while (true)
        {
            var word = Read();
            if (word == expected) return;
            Assert.True(word < expected, $"{word} came after {expected} was current");
        }
    }

    public void Write(params ReadOnlySpan<uint> words) => Send(MemoryMarshal.AsBytes(words));
}
