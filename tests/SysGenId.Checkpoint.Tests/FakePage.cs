using System.Buffers.Binary;

namespace SysGenId.Checkpoint.Tests;

/// <summary>A counter page that a test writes itself: the harness is proven without the programs it will test.</summary>
internal sealed class FakePage
{
    private const int Size = 4096;
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public FakePage(string path, uint generation)
    {
        Path = path;
        File.WriteAllBytes(path, new byte[Size]);
        File.SetUnixFileMode(path, ReadOnly);
        Publish(generation);
    }

    public string Path { get; }

    /// <summary>What a shell script does to publish a generation below 256.</summary>
    public string ShellCommandToPublish(byte generation) =>
        $"printf '\\{Convert.ToString(generation, 8)}' | dd of={Path} bs=1 conv=notrunc status=none";

    /// <summary>Stores a generation as a shell script can: by writing 4 bytes in place, which wakes inotify but no futex.</summary>
    public void Publish(uint generation)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(word, generation);
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Write(word);
    }
}
