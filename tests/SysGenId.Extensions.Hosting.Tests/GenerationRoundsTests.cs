using SysGenId.Extensions.Hosting.Rounds;
using SysGenId.TestSupport;

namespace SysGenId.Extensions.Hosting.Tests;

/// <summary>Which handler is called when, and when a generation is acknowledged.</summary>
public sealed class GenerationRoundsTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Nothing_is_called_before_anything_changes()
    {
        await using var rounds = new RoundsUnderTest("a").Start();
        rounds.Source.MoveTo(1);
        await rounds.CalledAsync("a 1");
        await rounds.AcknowledgedAsync(1);
        Assert.Equal([1u], rounds.Source.Acks);
    }

    [Fact]
    public async Task Handlers_run_in_the_order_of_registration_and_each_ends_before_the_next_begins()
    {
        await using var rounds = new RoundsUnderTest("a", "b", "c").Start();
        var first = new TaskCompletionSource();
        rounds["a"].Behavior = (_, _) => new ValueTask(first.Task);
        rounds.Source.MoveTo(7);
        await rounds.CalledAsync("a 7");
        first.SetResult();
        await rounds.CalledAsync("a 7", "b 7", "c 7");
    }

    [Fact]
    public async Task An_explicit_order_comes_before_that_of_registration()
    {
        var (source, calls) = (new FakeSource(), new List<string>());
        var handlers = new[] { ("late", 5), ("b", 0), ("early", int.MinValue), ("c", 0) };
        var rounds = new GenerationRounds(
            source,
            handlers.Select(handler => new RecordingHandler(handler.Item1, calls, handler.Item2)),
            new SystemGenerationOptions(),
            TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        source.MoveTo(1);
        await rounds.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["early 1", "b 1", "c 1", "late 1"], calls);
    }

    [Fact]
    public async Task S09_the_generation_is_acknowledged_when_the_last_handler_has_succeeded_and_not_before()
    {
        await using var rounds = new RoundsUnderTest("a", "b").Start();
        var last = new TaskCompletionSource();
        rounds["b"].Behavior = (_, _) => new ValueTask(last.Task);
        rounds.Source.MoveTo(1);
        await rounds.CalledAsync("a 1", "b 1");
        Assert.Empty(rounds.Source.Acks);
        last.SetResult();
        await rounds.AcknowledgedAsync(1);
    }

    [Fact]
    public async Task A_handler_that_fails_is_called_again_and_those_before_it_are_not()
    {
        await using var rounds = new RoundsUnderTest("a", "b", "c").Start();
        var failures = 2;
        rounds["b"].Behavior = (_, _) => failures-- > 0 ? throw new InvalidOperationException("not yet") : ValueTask.CompletedTask;
        rounds.Source.MoveTo(1);
        await rounds.CalledWhileTimePassesAsync(_second, "a 1", "b 1", "b 1", "b 1", "c 1");
        await rounds.AcknowledgedAsync(1);
        Assert.Equal([1u], rounds.Source.Acks);
        Assert.Equal(0, rounds.Rounds.State.Failures);
    }

    [Fact]
    public async Task The_pause_after_a_failure_doubles_up_to_its_maximum()
    {
        await using var rounds = new RoundsUnderTest("a")
        {
            Options = new SystemGenerationOptions { RetryDelay = _second, MaximumRetryDelay = 3 * _second },
        }.Start();
        rounds["a"].Behavior = (_, _) => throw new InvalidOperationException("never");
        rounds.Source.MoveTo(1);
        for (var (calls, pause) = (1, 1); calls <= 5; calls++, pause = Math.Min(3, pause * 2))
        {
            await rounds.CalledAsync([.. Enumerable.Repeat("a 1", calls)]);
            await Eventually.HoldsAsync(() => rounds.Rounds.State.Failures == calls);
            await rounds.PausesForAsync(pause * _second);
        }
    }

    [Fact]
    public async Task A_newer_generation_ends_the_call_that_runs_and_starts_the_round_anew()
    {
        await using var rounds = new RoundsUnderTest("a", "b").Start();
        rounds["b"].Behavior = (change, token) => change.Current.Generation == 1 ? Forever(token) : ValueTask.CompletedTask;
        rounds.Source.MoveTo(1);
        await rounds.CalledAsync("a 1", "b 1");
        rounds.Source.MoveTo(2);
        await rounds.CalledAsync("a 1", "b 1", "a 2", "b 2");
        await rounds.AcknowledgedAsync(2);
        Assert.Equal([2u], rounds.Source.Acks);
    }

    [Fact]
    public async Task A_newer_generation_ends_the_pause_after_a_failure()
    {
        await using var rounds = new RoundsUnderTest("a").Start();
        rounds["a"].Behavior = (change, _) => change.Current.Generation == 1 ? throw new InvalidOperationException("no") : ValueTask.CompletedTask;
        rounds.Source.MoveTo(1);
        await Eventually.HoldsAsync(() => rounds.Rounds.State.Failures == 1);
        rounds.Source.MoveTo(2);
        await rounds.CalledAsync("a 1", "a 2");
        await rounds.AcknowledgedAsync(2);
        Assert.Equal([2u], rounds.Source.Acks);
    }

    [Fact]
    public async Task A_generation_that_comes_while_the_last_handler_ends_is_handled_too()
    {
        await using var rounds = new RoundsUnderTest("a").Start();
        rounds["a"].Behavior = (change, _) =>
        {
            if (change.Current.Generation == 1)
                rounds.Source.MoveTo(2);
            return ValueTask.CompletedTask;
        };
        rounds.Source.MoveTo(1);
        await rounds.CalledAsync("a 1", "a 2");
        await rounds.AcknowledgedAsync(2);
        Assert.Equal([2u], rounds.Source.Acks);
    }

    [Fact]
    public async Task What_a_handler_throws_that_is_no_longer_wanted_is_no_failure()
    {
        await using var rounds = new RoundsUnderTest("a") { Options = new SystemGenerationOptions { MaximumAttempts = 1 } }.Start();
        rounds["a"].Behavior = async (change, token) =>
        {
            if (change.Current.Generation != 1)
                return;
            await Forever(token).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
            throw new IOException("the connection was cut");
        };
        rounds.Source.MoveTo(1);
        await rounds.CalledAsync("a 1");
        rounds.Source.MoveTo(2);
        await rounds.AcknowledgedAsync(2);
        Assert.False(rounds.Running.IsCompleted);
    }

    [Fact]
    public async Task Handlers_learn_what_was_handled_last_however_many_generations_were_skipped()
    {
        await using var rounds = new RoundsUnderTest("a").Start();
        rounds.Source.MoveTo(3);
        await rounds.AcknowledgedAsync(3);
        rounds.Source.MoveTo(3_000_000_000);
        await rounds.AcknowledgedAsync(3_000_000_000);
        Assert.Equal([0u, 3u], rounds["a"].Changes.Select(change => change.Handled));
        Assert.Equal(rounds.Source.Read(), rounds["a"].Changes[1].Current);
        Assert.DoesNotContain(rounds["a"].Changes, change => change.IsStart);
    }

    [Fact]
    public async Task After_as_many_failures_as_are_allowed_the_rounds_end_without_an_ack()
    {
        await using var rounds = new RoundsUnderTest("a") { Options = new SystemGenerationOptions { MaximumAttempts = 2 } }.Start();
        rounds["a"].Behavior = (_, _) => throw new InvalidOperationException("no");
        rounds.Source.MoveTo(1);
        await rounds.CalledWhileTimePassesAsync(_second, "a 1", "a 1");
        await rounds.Running.WaitAsync(Eventually.Patience, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Empty(rounds.Source.Acks);
        Assert.Equal("a", rounds.Rounds.State.FailingHandler);
    }

    [Fact]
    public async Task The_stop_of_the_host_cancels_the_handler_that_runs_and_nothing_is_acknowledged()
    {
        await using var rounds = new RoundsUnderTest("a", "b").Start();
        rounds["a"].Behavior = (_, token) => Forever(token);
        rounds.Source.MoveTo(1);
        await rounds.CalledAsync("a 1");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(rounds.StopAsync);
        Assert.Equal(["a 1"], rounds.Calls);
        Assert.Empty(rounds.Source.Acks);
    }

    [Fact]
    public async Task At_the_start_every_handler_runs_once_and_knows_that_nothing_has_changed()
    {
        await using var rounds = new RoundsUnderTest("a", "b").Create();
        await rounds.Rounds.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["a 0", "b 0"], rounds.Calls);
        Assert.All(rounds["a"].Changes, change => Assert.True(change.IsStart));
    }

    [Fact]
    public async Task A_handler_that_fails_at_the_start_fails_it()
    {
        await using var rounds = new RoundsUnderTest("a", "b").Create();
        rounds["a"].Behavior = (_, _) => throw new InvalidOperationException("no database");
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => rounds.Rounds.StartAsync(TestContext.Current.CancellationToken));
        Assert.Equal("no database", failure.Message);
        Assert.Equal(["a 0"], rounds.Calls);
    }

    private static async ValueTask Forever(CancellationToken token) => await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
}
