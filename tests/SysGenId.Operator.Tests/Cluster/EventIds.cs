using Microsoft.Extensions.Logging;

namespace SysGenId.Operator.Tests.Cluster;

/// <summary>A log that keeps the ids of what is logged.</summary>
internal sealed class EventIds : ILogger
{
    private readonly List<int> _seen = [];

    public int CountOf(int id)
    {
        lock (_seen) return _seen.Count(seen => seen == id);
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_seen) _seen.Add(eventId.Id);
    }
}
