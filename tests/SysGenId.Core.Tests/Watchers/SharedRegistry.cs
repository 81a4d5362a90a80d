using System.Collections.Concurrent;
using SysGenId.Core.Watchers;

namespace SysGenId.Core.Tests.Watchers;

/// <summary>A registry that several threads use at once, with what each call answered written down under the call's number.</summary>
internal sealed class SharedRegistry
{
    private const int WatcherCount = 3;

    private readonly WatcherRegistry _registry;
    private readonly Watcher[] _watchers;
    private readonly ConcurrentDictionary<int, string> _answers = new();
    private readonly ConcurrentDictionary<int, WatcherWait> _waits = new();

    public SharedRegistry(uint start)
    {
        Start = start;
        _registry = new WatcherRegistry(start);
        _watchers = [.. Enumerable.Range(0, WatcherCount).Select(_ => _registry.Open())];
    }

    public uint Start { get; }

    public void Open() => _registry.Open();

    public void Close(int watcher) => _registry.Close(_watchers[watcher % WatcherCount]);

    public void Bump(int call, uint delta) => _answers[call] = $"{_registry.TryBump(Numbers.Above(Start, delta))}";

    public void Acknowledge(int call, uint delta) =>
        _answers[call] = $"{_registry.Acknowledge(_watchers[call % WatcherCount], Numbers.Above(Start, delta))}";

    public void Expect(int count, uint delta) => _registry.Expect("container", count, Numbers.Above(Start, delta));

    public void BeginWait(int call, uint delta) => _waits[call] = _registry.BeginWait(delta == 0 ? null : Numbers.Above(Start, delta), call);

    public void TakeEnded(int call) =>
        _answers[call] = _registry.TryTakeEndedWait(out var wait) ? $"{wait.Owner} {wait.Outcome}" : "none";

    public void Count(int call) => _answers[call] = $"{_registry.Counts}";

    public string Describe()
    {
        var watchers = string.Join(',', _watchers.Select(watcher => _registry.IsOutdated(watcher, out _)));
        var waits = string.Join(',', _waits.OrderBy(entry => entry.Key).Select(entry => $"{entry.Key}={entry.Value.Outcome}"));
        var answers = string.Join(',', _answers.OrderBy(entry => entry.Key).Select(entry => $"{entry.Key}={entry.Value}"));
        return $"{_registry.Counts} {watchers} {waits} {answers}";
    }
}
