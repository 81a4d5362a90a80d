using SysGenId.Operator.Node;

namespace SysGenId.Operator.Observability;

/// <summary>
/// Asks the agent's loop where it stands, for at most <see cref="Bound"/>. Whoever asks while a question is open shares
/// its answer, so that a loop that hangs is not asked again and again. Thread-safe.
/// </summary>
internal sealed class LoopQuestion(INodeGauges node, TimeProvider clock)
{
    /// <summary>
    /// A loop that serves answers in microseconds; the kubelet and Prometheus by default give up after 1 s and 10 s. Well before
    /// the report of health does: on a loaded machine, too, this is what it says.
    /// </summary>
    public static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(600);

    private readonly Lock _lock = new();
    private Task<NodeGauges>? _open;

    /// <summary>What the loop answered; null when it did not in time, or has ended.</summary>
    public async Task<NodeGauges?> AskAsync(CancellationToken cancellation)
    {
        try
        {
            return await Open().WaitAsync(Bound, clock, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The loop has ended, and this process is about to.
            return null;
        }
    }

    private Task<NodeGauges> Open()
    {
        lock (_lock)
        {
            if (_open is null or { IsCompleted: true }) _open = node.ReadAsync();
            return _open;
        }
    }
}
