using CsCheck;

namespace SysGenId.Core.Tests.Watchers;

/// <summary>
/// What threads see at once is what one of the possible orders of their calls would have shown each of them: answers,
/// counts, ended waits.
/// </summary>
public sealed class WatcherRegistryLinearizabilityTests
{
    // So many that no two calls have the same: of two answers under one number the last written need not be the last given.
    private static readonly Gen<int> _call = Gen.Int[0, 1_000_000_000];
    private static readonly Gen<uint> _delta = Gen.UInt[0, 4];
    private static readonly Gen<(int Call, uint Delta)> _both = Gen.Select(_call, _delta);

    [Fact]
    public void S04_S16_Calls_of_several_threads_answer_as_if_one_came_after_the_other() =>
        Numbers.Starts.Select(start => new SharedRegistry(start)).SampleParallel(
            [
                Gen.Operation<SharedRegistry>(registry => registry.Open()),
                _call.Operation<SharedRegistry>((registry, call) => registry.Close(call)),
                _both.Operation<SharedRegistry>((registry, x) => registry.Bump(x.Call, x.Delta)),
                _both.Operation<SharedRegistry>((registry, x) => registry.Acknowledge(x.Call, x.Delta)),
                _both.Operation<SharedRegistry>((registry, x) => registry.Acknowledge(x.Call, x.Delta)),
                _both.Operation<SharedRegistry>((registry, x) => registry.Expect(x.Call % 3, x.Delta)),
                _both.Operation<SharedRegistry>((registry, x) => registry.BeginWait(x.Call, x.Delta)),
                _call.Operation<SharedRegistry>((registry, call) => registry.TakeEnded(call)),
                _call.Operation<SharedRegistry>((registry, call) => registry.Count(call)),
            ],
            equal: (one, other) => one.Describe() == other.Describe(),
            maxSequentialOperations: 4,
            maxParallelOperations: 4,
            iter: 500,
            threads: 4);

    [Fact]
    public void S02_S03_Concurrent_bumps_each_move_the_generation_once()
    {
        const int bumpsPerThread = 20_000;
        var registry = new Core.Watchers.WatcherRegistry(0x7FFF_0000);
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            var last = 0u;
            for (var bump = 0; bump < bumpsPerThread; bump++)
            {
                registry.TryBump(0);
                var now = registry.Generation;
                Assert.True(now > last);
                last = now;
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(0x7FFF_0000u + 4 * bumpsPerThread, registry.Generation);
    }
}
