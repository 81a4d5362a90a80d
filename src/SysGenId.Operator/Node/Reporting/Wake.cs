using System.Threading.Channels;

namespace SysGenId.Operator.Node.Reporting;

/// <summary>Wakes one loop; waking it often before it looks is waking it once. Thread-safe; waking does not block.</summary>
internal sealed class Wake
{
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>There is something to be looked at.</summary>
    public void Set() => _channel.Writer.TryWrite(true);

    /// <summary>Waits until there is.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task WaitAsync(CancellationToken stop) => await _channel.Reader.ReadAsync(stop).ConfigureAwait(false);
}
