namespace SysGenId.Core.Watchers;

/// <summary>One open handle. Only its registry reads and writes what is in it.</summary>
internal sealed class Watcher
{
    /// <summary>What it confirmed while that was current; null when it named what was not, and so nothing that counts.</summary>
    internal uint? Acked { get; set; }

    /// <summary>The process it belongs to; 0 when that is not known.</summary>
    internal ulong Process { get; init; }

    internal bool IsOpen { get; set; } = true;

    internal bool HasSpoken { get; set; }
}
