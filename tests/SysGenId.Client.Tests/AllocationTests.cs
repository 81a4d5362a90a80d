using SysGenId.Client.Tests.Fixture;

namespace SysGenId.Client.Tests;

/// <summary>Alone, as what the whole process allocates is measured.</summary>
[Collection(nameof(AllocationTests)), CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AllocationTests
{
    // Fewer bytes than the smallest object there is, for each wait on an average.
    private const int NextToNothing = 20;

    [Fact]
    public async Task Waiting_for_changes_again_and_again_allocates_nothing()
    {
        const int Rounds = 500;
        const int Measurements = 5;
        using var page = new PageUnderTest(0);
        using var watcher = page.Open();
        using var answered = new SemaphoreSlim(0);
        var reader = Task.Run(() => ReadAsync(watcher, answered, (1 + Measurements) * Rounds), TestContext.Current.CancellationToken);
        for (var round = 0; round < Rounds; round++) BumpAndWait();

        // The runtime does things of its own now and then, and never takes bytes away.
        var allocated = Enumerable.Range(0, Measurements).Min(_ => Measure());
        await reader;
        Assert.True(allocated < Rounds * NextToNothing, $"{allocated} bytes in {Rounds} waits");

        long Measure()
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var round = 0; round < Rounds; round++) BumpAndWait();
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }

        void BumpAndWait()
        {
            page.Bump();
            answered.Wait(TestContext.Current.CancellationToken);
        }
    }

    private static async Task ReadAsync(GenerationWatcher watcher, SemaphoreSlim answered, int rounds)
    {
        using var cancellation = new CancellationTokenSource();
        for (var round = 0; round < rounds; round++)
        {
            var generation = await watcher.WaitForChangeAsync(cancellation.Token);
            await watcher.AcknowledgeAsync(generation, cancellation.Token);
            answered.Release();
        }
    }
}
