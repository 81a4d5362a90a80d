using Microsoft.Extensions.Logging;

namespace SysGenId.Operator.Node.Sources;

/// <summary>The sources of a node, peers of each other. Loop thread only.</summary>
internal sealed class EventSources(ILogger log, params IReadOnlyList<IEventSource> sources) : IDisposable
{
    /// <summary>Raised when one is active that was not, or the other way round.</summary>
    public event Action? Changed;

    /// <summary>All of them as they are now, in their order.</summary>
    public IReadOnlyList<SourceSnapshot> Look() => [.. sources.Select(source => new SourceSnapshot(source.Name, source.State))];

    /// <summary>Lets all of them listen.</summary>
    public void Start()
    {
        foreach (var source in sources)
        {
            source.Changed += () =>
            {
                Log(source);
                Changed?.Invoke();
            };
            source.Start();
            Log(source);
        }
    }

    // The gate has words of its own.
    private void Log(IEventSource source)
    {
        if (source is CriuSource) return;
        if (source.State.IsFault) log.SourceFaulty(source.Name, source.State.Reason, source.State.Message);
        else log.SourceChanged(source.Name, source.State.Reason, source.State.Message);
    }

    public void Dispose()
    {
        foreach (var source in sources) source.Dispose();
    }
}
