using Microsoft.Extensions.Logging;

namespace SysGenId.Operator.Node.Sources;

/// <summary>The sources of a node, peers of each other. Loop thread only.</summary>
internal sealed class EventSources : IDisposable
{
    private readonly ILogger _log;
    private readonly IReadOnlyList<IEventSource> _sources;
    private readonly Dictionary<string, SourceState> _logged = [];

    public EventSources(ILogger log, params IReadOnlyList<IEventSource> sources)
    {
        (_log, _sources) = (log, sources);
        foreach (var source in sources) source.Changed += () => Tell(source);
    }

    /// <summary>Raised when one is active that was not, or the other way round.</summary>
    public event Action? Changed;

    /// <summary>All of them as they are now, in their order.</summary>
    public IReadOnlyList<SourceSnapshot> Look() => [.. _sources.Select(source => new SourceSnapshot(source.Name, source.State))];

    /// <summary>Lets all of them listen.</summary>
    public void Start()
    {
        foreach (var source in _sources)
        {
            source.Start();
            Log(source);
        }
    }

    private void Tell(IEventSource source)
    {
        Log(source);
        Changed?.Invoke();
    }

    // The gate has words of its own. One that told of its state while it started need not be told of again.
    private void Log(IEventSource source)
    {
        if (source is CriuSource || _logged.GetValueOrDefault(source.Name) == source.State) return;
        _logged[source.Name] = source.State;
        if (source.State.IsFault) _log.SourceFaulty(source.Name, source.State.Reason, source.State.Message);
        else _log.SourceChanged(source.Name, source.State.Reason, source.State.Message);
    }

    public void Dispose()
    {
        foreach (var source in _sources) source.Dispose();
    }
}
