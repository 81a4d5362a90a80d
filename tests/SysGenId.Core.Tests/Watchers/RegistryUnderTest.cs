using SysGenId.Core.Watchers;

namespace SysGenId.Core.Tests.Watchers;

/// <summary>The real registry, driven by the operations its model knows.</summary>
internal sealed class RegistryUnderTest(uint generation)
{
    private readonly WatcherRegistry _registry = new(generation);
    private readonly List<Watcher> _watchers = [];
    private readonly List<WatcherWait> _waits = [];

    public WatcherCounts Counts => _registry.Counts;

    public IReadOnlyList<WatcherWait> Waits => _waits;

    public string Apply(RegistryOperation operation)
    {
        switch (operation.Kind)
        {
            case RegistryOperationKind.Open:
                _watchers.Add(_registry.Open());
                return "";
            case RegistryOperationKind.Close:
                if (At(_watchers, operation) is { } closed) _registry.Close(closed);
                return "";
            case RegistryOperationKind.Bump: return _registry.TryBump(operation.Value) ? "bumped" : "refused";
            case RegistryOperationKind.Acknowledge:
                return At(_watchers, operation) is { } watcher ? $"{_registry.Acknowledge(watcher, operation.Value)}" : "";
            case RegistryOperationKind.Expect:
                _registry.Expect(operation.Container, operation.Count, operation.Handled);
                return "";
            case RegistryOperationKind.Forget:
                _registry.ForgetExpected(operation.Container);
                return "";
            case RegistryOperationKind.BeginWait:
                _waits.Add(_registry.BeginWait(operation.Handled, _waits.Count));
                return $"{_waits[^1].Outcome}";
            case RegistryOperationKind.EndWait:
                if (At(_waits, operation) is { } wait) _registry.EndWait(wait);
                return "";
            default: return _registry.TryTakeEndedWait(out var ended) ? $"{ended.Owner} {ended.Outcome}" : "none";
        }
    }

    public string Describe()
    {
        var watchers = string.Join(',', _watchers.Select(watcher => _registry.IsOutdated(watcher, out _)));
        var waits = string.Join(',', _waits.Select(wait => wait.Outcome));
        return $"{_registry.Counts} {watchers} {waits}";
    }

    private static T? At<T>(List<T> list, RegistryOperation operation)
        where T : class => list.Count == 0 ? null : list[operation.Index % list.Count];
}
