using SysGenId.Client;
using SysGenId.Extensions.Hosting.Rounds;

namespace SysGenId.Extensions.Hosting.Tests;

/// <summary>A watcher whose generation a test moves.</summary>
internal sealed class FakeSource : IGenerationSource
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _moved = NewSignal();
    private uint _generation;
    private Guid _id;

    public uint Acknowledged { get; private set; }

    public bool IsOutdated
    {
        get
        {
            lock (_lock)
                return _generation != Acknowledged;
        }
    }

    public WatcherMode Mode { get; set; } = WatcherMode.Full;

    public bool IsAgentConnected { get; set; } = true;

    public bool IsGateProven { get; set; } = true;

    /// <summary>What was acknowledged, in the order it was.</summary>
    public List<uint> Acks { get; } = [];

    public void MoveTo(uint generation)
    {
        TaskCompletionSource moved;
        lock (_lock)
        {
            (_generation, _id) = (generation, Guid.NewGuid());
            (moved, _moved) = (_moved, NewSignal());
        }

        moved.SetResult();
    }

    public GenerationInfo Read()
    {
        lock (_lock)
            return new GenerationInfo(_generation, _id, GenerationCause.Forced, DateTimeOffset.UnixEpoch);
    }

    public ValueTask WaitForChangeAsync(CancellationToken cancellationToken) => WaitAsync(() => _generation != Acknowledged, cancellationToken);

    public ValueTask WaitForNewerAsync(uint generation, CancellationToken cancellationToken) =>
        WaitAsync(() => _generation > generation, cancellationToken);

    public ValueTask<bool> AcknowledgeAsync(uint generation, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (generation != _generation)
                return new(false);
            Acknowledged = generation;
            Acks.Add(generation);
            return new(true);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async ValueTask WaitAsync(Func<bool> isDue, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task moved;
            lock (_lock)
            {
                if (isDue())
                    return;
                moved = _moved.Task;
            }

            await moved.WaitAsync(cancellationToken);
        }
    }
}
