using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Sources.VmClock;

/// <summary>
/// Reads a page as its writer means it to be read: the number of the update before and after is the same even one, or what
/// lies between is a mixture and is read again. Loop thread only.
/// </summary>
internal sealed class VmClockReader
{
    // An update is some stores. One that takes longer than this many looks was interrupted itself: the caller comes back
    // later rather than keep the loop waiting.
    private const int MostAttempts = 128;

    private const int SpinsBetween = 32;

    private readonly byte[] _page = new byte[VmClockPage.Length];

    /// <summary>The bytes behind the last reading.</summary>
    public ReadOnlySpan<byte> Bytes => _page;

    /// <summary>What the page says.</summary>
    public VmClockReading Read(IVmClockMemory memory)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            if (attempt > 0) Thread.SpinWait(SpinsBetween);
            if (memory.ReadSequence(out var before) is not Errno.None and var refused) return Refused(refused);
            if (VmClockPage.IsUpdating(before)) continue;
            Interlocked.MemoryBarrier();
            if (memory.Copy(_page, out var count) is not Errno.None and var failed) return Refused(failed);
            Interlocked.MemoryBarrier();
            if (memory.ReadSequence(out var after) is not Errno.None and var lost) return Refused(lost);
            if (before == after) return VmClockPage.Parse(_page.AsSpan(0, count));
        }

        return new VmClockReading(VmClockFault.Unsettled);
    }

    // The kernel waits for an update to end, for 100 ms (VMCLOCK_MAX_WAIT of drivers/ptp/ptp_vmclock.c): no reason for more.
    private static VmClockReading Refused(Errno error) =>
        new(error == Errno.ETIMEDOUT ? VmClockFault.Unsettled : VmClockFault.Unreadable);
}
