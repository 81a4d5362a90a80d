using System.Text;

namespace SysGenId.VirtualMachine.Tests;

/// <summary>Writes the archive that Linux unpacks as its first root file system ("newc", see the kernel's early-userspace/buffer-format).</summary>
internal sealed class CpioArchive : IDisposable
{
    private const int Alignment = 4;
    private const uint DirectoryType = 0x4000;
    private const uint RegularType = 0x8000;
    private const uint LinkType = 0xA000;
    private const uint DirectoryMode = 0b111_101_101;
    private const uint LinkMode = 0b111_111_111;

    private readonly Stream _target;
    private readonly HashSet<string> _directories = [];
    private uint _entries;

    public CpioArchive(Stream target) => _target = target;

    /// <summary>Adds a directory and those above it, unless they are there.</summary>
    public void AddDirectory(string path)
    {
        if (path.Length == 0 || !_directories.Add(path))
            return;
        AddDirectory(Path.GetDirectoryName(path)!);
        Write(path, DirectoryType | DirectoryMode, Stream.Null);
    }

    public void AddFile(string path, string source)
    {
        AddDirectory(Path.GetDirectoryName(path)!);
        using var content = File.OpenRead(source);
        Write(path, RegularType | (uint)File.GetUnixFileMode(source), content);
    }

    public void AddLink(string path, string target)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(target));
        Write(path, LinkType | LinkMode, content);
    }

    /// <summary>Writes the end; the stream stays the caller's.</summary>
    public void Dispose() => Write("TRAILER!!!", 0, Stream.Null);

    private void Write(string path, uint mode, Stream content)
    {
        // Number, mode, owner, group, links, time, size, two pairs of device numbers, length of the name, checksum (none).
        uint[] fields = [++_entries, mode, 0, 0, 1, 0, (uint)content.Length, 0, 0, 0, 0, (uint)path.Length + 1, 0];
        _target.Write(Encoding.ASCII.GetBytes($"070701{string.Concat(fields.Select(field => field.ToString("x8")))}{path}\0"));
        Align();
        content.CopyTo(_target);
        Align();
    }

    private void Align() => _target.Write(new byte[-_target.Position & (Alignment - 1)]);
}
