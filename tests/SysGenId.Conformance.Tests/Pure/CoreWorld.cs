using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Generations;
using SysGenId.Core.Linux;
using SysGenId.Core.Watchers;
using SysGenId.TestSupport;

namespace SysGenId.Conformance.Tests.Pure;

/// <summary>A registry, and a page that says the same; bumps come one after the other, everything else as it likes.</summary>
internal sealed class CoreWorld : IPagedWorld, IRestartingWorld, IRememberingWorld
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Lock _writing = new();
    private CounterPageWriter _writer;
    private CounterPageReader _reader;

    public CoreWorld(uint generation)
    {
        _writer = CounterPageWriter.Open(PagePath);
        if (generation > 0) Publish(generation);
        _reader = CounterPageReader.Open(PagePath);
        Registry = new WatcherRegistry(generation);
    }

    public string PagePath => _directory.File("generation");

    public uint Current => _reader.Generation;

    public WatcherRegistry Registry { get; private set; }

    public Task<Change> BumpAsync(uint minimum = 0)
    {
        lock (_writing)
        {
            var isMoved = Registry.TryBump(minimum);
            if (isMoved) Publish(Registry.Generation);
            return Task.FromResult(new Change(isMoved ? Outcome.Success : Outcome.Exhausted, Registry.Generation));
        }
    }

    public Task<IWatcherHandle> OpenAsync()
    {
        lock (_writing)
        {
            return Task.FromResult<IWatcherHandle>(new CoreHandle(Registry, Registry.Open(), Registry.Generation));
        }
    }

    public Task<WatcherCounts> CountsAsync() => Task.FromResult(Registry.Counts);

    public Task<Outcome> WaitForWatchersAsync(TimeSpan timeout) => new CoreWaits(Registry).WaitAsync(null, timeout);

    public Task SettleAsync() => Task.CompletedTask;

    public Task RestartAsync(uint nodeGeneration)
    {
        _reader.Dispose();
        _writer.Dispose();
        _writer = CounterPageWriter.Open(PagePath);
        _reader = CounterPageReader.Open(PagePath);
        Registry = new WatcherRegistry(_writer.Content.Generation);
        return nodeGeneration > Current ? BumpAsync(nodeGeneration) : Task.CompletedTask;
    }

    public Task ExpectAsync(int count)
    {
        Registry.Expect("container", count, null);
        return Task.CompletedTask;
    }

    public Task<IWatcherHandle> ReturnAsync(uint handled)
    {
        var watcher = Registry.Open();
        Registry.Acknowledge(watcher, handled);
        return Task.FromResult<IWatcherHandle>(new CoreHandle(Registry, watcher, handled, hasSpoken: true));
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _writer.Dispose();
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Publish(uint generation) => _writer.Publish(new PageContent(generation, KernelRandom.NextId(), 1, GenerationCause.Forced));
}
