namespace SysGenId.Core;

/// <summary>Pauses that double up to a limit. Not thread-safe.</summary>
internal sealed class DoublingPause(TimeSpan first, TimeSpan longest)
{
    private TimeSpan? _next;

    /// <summary>The pause before the next attempt.</summary>
    public TimeSpan Next()
    {
        var pause = _next ?? first;
        _next = pause * 2 < longest ? pause * 2 : longest;
        return pause;
    }

    /// <summary>Begins with short pauses again.</summary>
    public void Reset() => _next = null;
}
