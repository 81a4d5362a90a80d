using System.Buffers.Binary;
using SysGenId.Operator.Node.Sources.VmClock;

namespace SysGenId.Operator.Tests.Node.Sources.VmClock;

/// <summary>A file that is written as a hypervisor writes its page: number odd, fields, number even.</summary>
internal sealed class FakeHypervisor : IDisposable
{
    private const int PageSize = 4096;

    private readonly FileStream _file;

    public FakeHypervisor(string path, ulong flags = VmClockPage.GenerationPresent)
    {
        Path = path;
        _file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        _file.SetLength(PageSize);
        Word(VmClockPage.MagicOffset, VmClockPage.Magic);
        Word(VmClockPage.SizeOffset, PageSize);
        Word(VmClockPage.VersionOffset, VmClockPage.Version);
        Long(VmClockPage.FlagsOffset, flags);
    }

    public string Path { get; }

    public uint Sequence { get; private set; }

    public ulong Generation { get; private set; }

    public ulong Disruption { get; private set; }

    /// <summary>The machine was loaded from a stored state.</summary>
    public void Restore() => Update(Generation + 1, Disruption + 1);

    /// <summary>The machine came from another host, and is the only one.</summary>
    public void Migrate() => Update(Generation, Disruption + 1);

    public void Update(ulong generation, ulong disruption)
    {
        Begin();
        (Generation, Disruption) = (generation, disruption);
        Long(VmClockPage.GenerationOffset, generation);
        Long(VmClockPage.DisruptionOffset, disruption);
        End();
    }

    public void Begin() => Word(VmClockPage.SequenceOffset, Sequence |= 1);

    public void End() => Word(VmClockPage.SequenceOffset, ++Sequence);

    public void SetFlags(ulong flags)
    {
        Begin();
        Long(VmClockPage.FlagsOffset, flags);
        End();
    }

    public void Word(int offset, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        RandomAccess.Write(_file.SafeFileHandle, bytes, offset);
    }

    public void Cut(long length) => _file.SetLength(length);

    public void Dispose() => _file.Dispose();

    private void Long(int offset, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        RandomAccess.Write(_file.SafeFileHandle, bytes, offset);
    }
}
