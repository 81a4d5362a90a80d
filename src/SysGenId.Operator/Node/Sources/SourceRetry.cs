using SysGenId.Core;
using SysGenId.Core.Transport;

namespace SysGenId.Operator.Node.Sources;

/// <summary>Tries something that failed again, ever more rarely. A timer exists only meanwhile. Loop thread only.</summary>
internal sealed class SourceRetry(EventLoop loop, Action attempt)
{
    /// <summary>After the first failure.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>However often it has failed: soon enough for somebody who has just repaired it.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly DoublingPause _pause = new(Shortest, Longest);
    private LoopTimer? _timer;

    /// <summary>It failed.</summary>
    public void Schedule()
    {
        _timer?.Cancel();
        _timer = loop.After(_pause.Next(), attempt);
    }

    /// <summary>It does what it should.</summary>
    public void Reset() => _pause.Reset();

    /// <summary>It is not tried any more.</summary>
    public void Stop() => _timer?.Cancel();
}
