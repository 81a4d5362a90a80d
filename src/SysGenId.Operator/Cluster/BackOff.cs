using SysGenId.Core;

namespace SysGenId.Operator.Cluster;

/// <summary>
/// Waits longer each time, up to a bound, until it is reset. Half of each wait is drawn at random, so that those who
/// failed together do not come back together. Not thread-safe: one loop has one.
/// </summary>
internal sealed class BackOff
{
    private readonly DoublingPause _pause;
    private readonly TimeProvider _clock;
    private readonly Random _jitter;

    /// <param name="first">The longest first wait.</param>
    /// <param name="most">The longest wait of all; only the server's own wish may be longer.</param>
    /// <param name="clock">Waits are on it.</param>
    /// <param name="jitter">Where chance comes from.</param>
    public BackOff(TimeSpan first, TimeSpan most, TimeProvider clock, Random jitter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(first, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, first);
        (_pause, _clock, _jitter) = (new DoublingPause(first, most), clock, jitter);
    }

    /// <summary>How long the next wait will be, and doubles the one after it.</summary>
    /// <param name="retryAfter">What the server asked for: it is waited for in full, and the jitter comes on top.</param>
    public TimeSpan Next(TimeSpan? retryAfter)
    {
        var half = _pause.Next() / 2;
        var wish = retryAfter is { } wanted && wanted > half ? wanted : half;
        return wish + (half * _jitter.NextDouble());
    }

    /// <summary>Waits as long as <see cref="Next"/> says.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task WaitAsync(TimeSpan? retryAfter, CancellationToken cancellation) => Task.Delay(Next(retryAfter), _clock, cancellation);

    /// <summary>After a success: the next wait is a first one.</summary>
    public void Reset() => _pause.Reset();
}
