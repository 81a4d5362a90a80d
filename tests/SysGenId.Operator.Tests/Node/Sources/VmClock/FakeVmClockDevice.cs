using SysGenId.Core.Linux;
using SysGenId.Operator.Node.Sources.VmClock;

namespace SysGenId.Operator.Tests.Node.Sources.VmClock;

/// <summary>A device that can be waited for, as Linux 7.0's: readable while the page is another than it was last rearmed for.</summary>
internal sealed class FakeVmClockDevice : IVmClockDevice
{
    private readonly EventSignal _signal = new();
    private readonly Lock _lock = new();
    private VmClockReading _page = new(VmClockFault.None) { Generation = 1, Notifies = true };

    public Descriptor Notifications => _signal.Descriptor;

    public ReadOnlySpan<byte> Bytes => new byte[VmClockPage.Length];

    public int Looks { get; private set; }

    public int Rearms { get; private set; }

    /// <summary>Whether it stays readable whatever is done.</summary>
    public bool IsStuck { get; init; }

    /// <summary>Whether it can be looked at and not read.</summary>
    public bool CannotRearm { get; init; }

    public void Update(Func<VmClockReading, VmClockReading> change)
    {
        lock (_lock) _page = change(_page) with { Sequence = _page.Sequence + 2 };
        _signal.Set();
    }

    public void Restore() => Update(page => page with { Generation = page.Generation + 1, Disruption = page.Disruption + 1 });

    /// <summary>Readable without news.</summary>
    public void Wake() => _signal.Set();

    public VmClockReading Look()
    {
        Looks++;
        lock (_lock) return _page;
    }

    public VmClockReading Rearm()
    {
        Rearms++;
        if (CannotRearm) return new VmClockReading(VmClockFault.Unreadable);
        if (!IsStuck) _signal.Reset();
        lock (_lock) return _page;
    }

    public void Dispose() => _signal.Dispose();
}
