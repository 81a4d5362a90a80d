using SysGenId.Core.Watchers;
using static SysGenId.Core.Tests.Watchers.RegistryOperationKind;

namespace SysGenId.Core.Tests.Watchers;

/// <summary>
/// Systematic concurrency: every operation of the registry is one step under one lock, so the orders of whole operations
/// are all the schedules there are. Each is run. See docs/decisions/0004-systematic-concurrency-tests.md.
/// </summary>
public sealed class WatcherRegistryInterleavingTests
{
    private static readonly RegistryOperation[] _watcher0 = [new(Acknowledge, 0, 1), new(Acknowledge, 0, 2), new(Close, 0, 0)];
    private static readonly RegistryOperation[] _watcher1 = [new(Acknowledge, 1, 0), new(Acknowledge, 1, 2)];
    private static readonly RegistryOperation[] _newcomer = [new(Open, 0, 0), new(Acknowledge, 2, 1), new(Close, 2, 0)];
    private static readonly RegistryOperation[] _bumps = [new(Bump, 0, 0), new(Bump, 0, 0)];
    private static readonly RegistryOperation[] _waiter = [new(BeginWait, 1, 1), new(TakeEnded, 0, 0), new(EndWait, 0, 0)];
    private static readonly RegistryOperation[] _otherWaiter = [new(BeginWait, 0, 0), new(TakeEnded, 0, 0)];
    private static readonly RegistryOperation[] _restore = [new(Expect, 4, 0), new(Bump, 0, 0), new(Forget, 0, 0)];

    [Fact]
    public void S04_S09_S16_Bumps_meet_acks_and_closes_in_every_order() => RunAll(0, _bumps, _watcher0, _watcher1);

    [Fact]
    public void S12_Bumps_meet_waits_and_acks_in_every_order() => RunAll(0, _bumps, _waiter, _watcher0);

    [Fact]
    public void S12_Two_waits_meet_acks_in_every_order() => RunAll(1, _otherWaiter, _waiter, _watcher0, _watcher1);

    [Fact]
    public void S12_S23_A_restore_meets_returning_watchers_and_a_wait_in_every_order() => RunAll(0, _restore, _newcomer, _waiter);

    [Fact]
    public void S02_The_last_number_meets_everything_in_every_order() => RunAll(uint.MaxValue - 1, _bumps, _watcher0, _waiter);

    [Theory]
    [InlineData(new[] { 2, 2 }, 6)]
    [InlineData(new[] { 3, 3, 3 }, 1680)]
    public void The_explorer_leaves_out_no_order(int[] lengths, long expected)
    {
        var sequences = lengths.Select((length, thread) => Enumerable.Range(0, length).Select(step => $"{thread}.{step}").ToArray()).ToArray();
        Assert.Equal(expected, Interleavings.Count(lengths));
        Assert.Equal(expected, Interleavings.Of(sequences).Select(order => string.Join(' ', order)).Distinct().Count());
    }

    private static void RunAll(uint start, params RegistryOperation[][] threads)
    {
        var runs = 0;
        foreach (var order in Interleavings.Of(threads))
        {
            Run(start, order);
            runs++;
        }

        Assert.Equal(Interleavings.Count([.. threads.Select(thread => thread.Length)]), runs);
    }

    private static void Run(uint start, IReadOnlyList<RegistryOperation> order)
    {
        var (registry, model) = (new RegistryUnderTest(start), new RegistryModel(start));
        var (handedOut, generation) = (new HashSet<string>(), start);
        foreach (var operation in order.Select(operation => operation with { Value = Numbers.Above(start, operation.Value) }).Prepend(new(Open, 0, 0)).Prepend(new(Open, 0, 0)))
        {
            var outdatedBefore = registry.Counts.Outdated;
            var answer = registry.Apply(operation);
            Assert.Equal(model.Apply(operation), answer);
            Assert.Equal(model.Describe(), registry.Describe());
            if (operation.Kind == TakeEnded && answer != "none") Assert.True(handedOut.Add(answer), $"handed out twice: {answer}");
            AssertInvariants(registry, operation, outdatedBefore, ref generation);
        }

        while (registry.Apply(new(TakeEnded, 0, 0)) is var answer && answer != "none") Assert.True(handedOut.Add(answer), $"handed out twice: {answer}");
    }

    private static void AssertInvariants(RegistryUnderTest registry, RegistryOperation last, int outdatedBefore, ref uint generation)
    {
        var counts = registry.Counts;
        Assert.True(counts.Generation >= generation, "the generation fell");
        Assert.InRange(counts.Outdated, 0, counts.Watchers);
        var isPending = registry.Waits.Any(wait => wait.Outcome == WaitOutcome.Pending);
        Assert.False(isPending && counts.Outdated == 0, $"a wait is left pending though nobody is outdated, after {last}");
        Assert.False(
            last.Kind is Bump && outdatedBefore > 0 && counts.Generation > generation && isPending, "a bump left a wait pending");
        generation = counts.Generation;
    }
}
