using SysGenId.Core.Linux;
using SysGenId.Core.Transport;

namespace SysGenId.Core.Tests.Transport;

public sealed class EventLoopTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Actions_of_many_threads_all_run_on_the_loops_thread_each_threads_in_order()
    {
        const int threadCount = 4, actions = 10_000;
        var seen = new List<(int Thread, int Number)>();
        using var running = new RunningLoop();
        var loopThread = running.Invoke(() => Environment.CurrentManagedThreadId);
        var elsewhere = 0;
        var threads = Enumerable.Range(0, threadCount).Select(thread => new Thread(() =>
        {
            for (var number = 0; number < actions; number++)
            {
                var mine = number;
                running.Loop.Post(() =>
                {
                    if (Environment.CurrentManagedThreadId != loopThread) elsewhere++;
                    seen.Add((thread, mine));
                });
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        running.Settle();
        Assert.Equal(0, elsewhere);
        Assert.Equal(threadCount * actions, seen.Count);
        Assert.All(seen.GroupBy(entry => entry.Thread), group => Assert.Equal(Enumerable.Range(0, actions), group.Select(entry => entry.Number)));
    }

    [Fact]
    public void A_timer_fires_once_when_its_time_has_come_and_not_before()
    {
        using var running = new RunningLoop();
        var fired = 0;
        running.Invoke(() => running.Loop.After(_second, () => fired++));
        running.Advance(_second - TimeSpan.FromTicks(1));
        Assert.Equal(0, fired);
        running.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(1, fired);
        running.Advance(_second * 10);
        Assert.Equal(1, fired);
    }

    [Fact]
    public void Timers_fire_in_the_order_of_their_times()
    {
        using var running = new RunningLoop();
        var fired = new List<int>();
        foreach (var seconds in new[] { 3, 1, 2 }) running.Invoke(() => running.Loop.After(_second * seconds, () => fired.Add(seconds)));
        running.Advance(_second * 3);
        Assert.Equal([1, 2, 3], fired);
    }

    [Fact]
    public void A_cancelled_timer_does_not_fire_also_when_cancelled_by_one_that_is_due_with_it()
    {
        using var running = new RunningLoop();
        var fired = 0;
        running.Invoke(() =>
        {
            var later = running.Loop.After(_second * 2, () => fired += 100);
            running.Loop.After(_second, () =>
            {
                later.Cancel();
                fired++;
            });
            running.Loop.After(_second, () => fired += 1000).Cancel();
        });
        running.Advance(_second * 5);
        Assert.Equal(1, fired);
    }

    [Fact]
    public void A_timer_may_arm_the_next_one()
    {
        using var running = new RunningLoop();
        var fired = 0;
        void Again()
        {
            fired++;
            running.Loop.After(_second, Again);
        }

        running.Invoke(Again);
        for (var second = 0; second < 3; second++) running.Advance(_second);
        Assert.Equal(4, fired);
    }

    [Fact]
    public void A_delay_beyond_the_clocks_range_never_fires_and_does_not_wrap_into_the_past()
    {
        using var loop = new EventLoop(TimeProvider.System);
        var fired = false;
        loop.After(TimeSpan.MaxValue, () => fired = true);
        loop.After(TimeSpan.FromMilliseconds(1), loop.Stop);
        loop.Run();
        Assert.False(fired);
    }

    [Fact]
    public void Timers_that_are_made_and_cancelled_by_the_thousand_are_not_kept()
    {
        using var loop = new EventLoop(TimeProvider.System);
        var kept = Enumerable.Range(0, 100).Select(_ => loop.After(_second * 100, () => { })).ToList();
        for (var timer = 0; timer < 100_000; timer++) loop.After(_second * 5, () => { }).Cancel();
        Assert.InRange(loop.TimerCount, kept.Count, 3 * kept.Count);
        kept.ForEach(timer => timer.Cancel());
        Assert.InRange(loop.TimerCount, 0, kept.Count);
    }

    [Fact]
    public void With_the_real_clock_a_timer_does_not_fire_early()
    {
        using var loop = new EventLoop(TimeProvider.System);
        var start = TimeProvider.System.GetTimestamp();
        loop.After(TimeSpan.FromMilliseconds(20.5), loop.Stop);
        loop.Run();
        Assert.True(TimeProvider.System.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(20.5));
    }

    [Fact]
    public void An_event_fetched_for_a_descriptor_that_is_removed_meanwhile_is_dropped()
    {
        using var loop = new EventLoop(TimeProvider.System);
        using var first = new EventSignal();
        using var second = new EventSignal();
        var (firstToken, secondToken, called) = (0L, 0L, 0);
        firstToken = loop.Add(first.Descriptor, EventPoll.Readable, new Handler(() => Called(second.Descriptor, secondToken)));
        secondToken = loop.Add(second.Descriptor, EventPoll.Readable, new Handler(() => Called(first.Descriptor, firstToken)));
        first.Set();
        second.Set();
        loop.Run();
        Assert.Equal(1, called);

        void Called(Descriptor other, long token)
        {
            called++;
            loop.Remove(other, token);
            loop.Stop();
        }
    }

    [Fact]
    public void Stop_before_run_ends_it_at_once_and_dispose_twice_is_dispose()
    {
        var loop = new EventLoop(TimeProvider.System);
        loop.Stop();
        loop.Run();
        loop.Dispose();
        loop.Dispose();
    }

    [Fact]
    public void A_late_post_to_a_disposed_loop_writes_into_no_descriptor_that_took_the_number()
    {
        var loop = new EventLoop(TimeProvider.System);
        loop.Dispose();
        using var directory = new TestSupport.TemporaryDirectory();
        var files = Enumerable.Range(0, 16).Select(number => Files.Open(directory.File($"{number}"), Files.ReadWrite | Files.Create, 0x180)).ToList();
        loop.Post(() => { });
        Assert.All(files, file => Assert.Equal(0, Files.Status(file).Size));
        files.ForEach(file => file.Dispose());
    }

    private sealed class Handler(Action called) : IEventHandler
    {
        public void OnReady(uint events) => called();
    }
}
