using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Sources.VmClock;

/// <summary>
/// vmclock as Linux offers it (drivers/ptp/ptp_vmclock.c): mmap and read() since 6.13, poll() since 7.0. The latter finds
/// the device readable while seq_count is another than read() has returned on the same descriptor, so looking through a mapping
/// does not rearm it; and read() counts an offset, behind which it neither gives nor rearms anything, hence pread().
/// </summary>
internal sealed class VmClockDevice : IVmClockDevice
{
    private readonly Descriptor _file;
    private readonly VmClockReader _reader = new();
    private readonly VmClockFile _bytes;
    private readonly VmClockMapping? _mapping;

    private VmClockDevice(Descriptor file)
    {
        (_file, _bytes) = (file, new VmClockFile(file));

        // Of anything but a device the end could be cut off, and a look at a mapping beyond it would be the end of the agent.
        // The driver maps exactly one page, which the length is rounded up to.
        if (!Files.Status(file).IsCharacterDevice) return;
        if (SharedPage.TryMap(file, VmClockPage.Length, out _) is { } page) _mapping = new VmClockMapping(page);
    }

    /// <summary>Whether a look is no system call.</summary>
    public bool IsMapped => _mapping is not null;

    public Descriptor Notifications => _file;

    public ReadOnlySpan<byte> Bytes => _reader.Bytes;

    /// <summary>Opens one, or says why not.</summary>
    public static (IVmClockDevice? Device, Errno Error) Open(string path)
    {
        var file = Files.TryOpen(path, Files.ReadOnly | Files.NonBlocking | Files.NoControllingTerminal, 0, out var error);
        return (file is null ? null : new VmClockDevice(file), error);
    }

    public VmClockReading Look() => _reader.Read(_mapping is null ? _bytes : _mapping);

    public VmClockReading Rearm() => _reader.Read(_bytes);

    public void Dispose()
    {
        _mapping?.Dispose();
        _file.Dispose();
    }
}
