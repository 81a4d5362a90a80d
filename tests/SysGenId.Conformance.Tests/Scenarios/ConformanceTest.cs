using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.Conformance.Tests.Matrix;
using SysGenId.TestSupport;
using Xunit.v3;

namespace SysGenId.Conformance.Tests.Scenarios;

/// <summary>Scenarios of the contract: each names its rule, and runs over interfaces by the name of one.</summary>
public abstract class ConformanceTest : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _open = [];

    /// <summary>Long enough that nobody waits for its end.</summary>
    private protected static TimeSpan Patience => Eventually.Patience;

    /// <summary>So short that a test can wait for its end.</summary>
    private protected static TimeSpan Shortly { get; } = TimeSpan.FromMilliseconds(50);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        Note();
        foreach (var open in Enumerable.Reverse(_open)) await open.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A world of the scenario's own.</summary>
    private protected async Task<IGenerationWorld> WorldAsync(string over, uint generation = 0) =>
        Keep(await AllInterfaces.Named(over).CreateAsync(generation));

    /// <summary>The same, of an interface that can do more.</summary>
    private protected async Task<TWorld> WorldAsync<TWorld>(string over, uint generation = 0)
        where TWorld : IGenerationWorld => (TWorld)await WorldAsync(over, generation);

    /// <summary>A handle that the end of the scenario closes, if it has not done so itself.</summary>
    private protected async Task<IWatcherHandle> OpenAsync(IGenerationWorld world) => Keep(await world.OpenAsync());

    private protected async Task<THandle> OpenAsync<THandle>(IGenerationWorld world)
        where THandle : IWatcherHandle => (THandle)await OpenAsync(world);

    /// <summary>Checks who is there and who is outdated.</summary>
    private protected static async Task CountsAreAsync(IGenerationWorld world, int watchers, int outdated)
    {
        await world.SettleAsync();
        var counts = await world.CountsAsync();
        Assert.Equal((watchers, outdated), (counts.Watchers, counts.Outdated));
    }

    private protected T Keep<T>(T open)
        where T : IAsyncDisposable
    {
        _open.Add(open);
        return open;
    }

    private static void Note()
    {
        if (TestContext.Current is not { Test: IXunitTest test, TestState.Result: TestResult.Passed }) return;
        if (test.TestMethodArguments is [string over, ..]) Ledger.NotePassed(test.TestMethod.MethodName, over);
    }
}
