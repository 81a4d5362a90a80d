using SysGenId.Core.Linux;

namespace SysGenId.Sidecar.Agent;

/// <summary>Pauses that double up to a limit, each shortened at random by up to a half: a node's sidecars must not come all at once.</summary>
internal sealed class BackOff(TimeSpan first, TimeSpan last)
{
    private TimeSpan? _next;

    /// <summary>The pause before the next attempt.</summary>
    public TimeSpan Next()
    {
        var pause = _next ?? first;
        _next = pause * 2 < last ? pause * 2 : last;
        return pause / 2 + pause / 2 * Fraction();
    }

    /// <summary>Begins with short pauses again.</summary>
    public void Reset() => _next = null;

    private static double Fraction() => (KernelRandom.NextId().GetHashCode() & 0xFFFF) / 65536.0;
}
