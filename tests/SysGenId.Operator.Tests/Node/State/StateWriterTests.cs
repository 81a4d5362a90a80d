using System.Collections.Concurrent;
using SysGenId.Core.Linux;
using SysGenId.Operator.Node.State;
using SysGenId.Operator.Tests.Node.Generations;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Node.State;

public sealed class StateWriterTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ConcurrentQueue<(NodeState State, LinuxException? Failure)> _stored = [];
    private readonly ManualResetEventSlim _mayReturn = new(initialState: true);

    private StateFile File => new(_directory.File("state"));

    public void Dispose()
    {
        _directory.Dispose();
        _mayReturn.Dispose();
    }

    [Fact]
    public async Task A_state_that_was_overtaken_before_its_turn_is_never_written()
    {
        using var writer = Started();
        _mayReturn.Reset();
        writer.Submit(State(1));
        await Eventually.HoldsAsync(() => _stored.Count == 1);
        writer.Submit(State(2));
        writer.Submit(State(3));
        _mayReturn.Set();
        await Eventually.HoldsAsync(() => _stored.Count == 2);
        Assert.Equal([1u, 3u], _stored.Select(stored => stored.State.Ceiling));
        Assert.Equal(3u, File.Load(out _)!.Ceiling);
    }

    [Fact]
    public async Task S02_A_state_stored_now_is_not_followed_by_one_submitted_earlier()
    {
        using var writer = Started();
        _mayReturn.Reset();
        writer.Submit(State(1));
        await Eventually.HoldsAsync(() => _stored.Count == 1);
        writer.Submit(State(2));
        var now = Task.Run(() => writer.StoreNow(State(100)));

        // It has emptied the slot and waits for the write under way: only then may that one end.
        _mayReturn.Set();
        Assert.Null(await now);
        writer.Submit(State(101));
        await Eventually.HoldsAsync(() => _stored.Any(stored => stored.State.Ceiling == 101));
        Assert.Equal(101u, File.Load(out _)!.Ceiling);
        Assert.True(_stored.Select(stored => stored.State.Ceiling).SequenceEqual(_stored.Select(stored => stored.State.Ceiling).Order()));
    }

    [Fact]
    public async Task A_failure_is_reported_and_the_next_state_is_written_all_the_same()
    {
        using var writer = Started();
        var obstacle = File.FilePath + ".new";
        Directory.CreateDirectory(obstacle);
        Assert.NotNull(writer.StoreNow(State(1)));
        writer.Submit(State(2));
        await Eventually.HoldsAsync(() => _stored.Count == 1);
        Assert.NotNull(_stored.Single().Failure);

        Directory.Delete(obstacle);
        writer.Submit(State(3));
        await Eventually.HoldsAsync(() => _stored.Count == 2);
        Assert.Null(_stored.Last().Failure);
        Assert.Equal(3u, File.Load(out _)!.Ceiling);
    }

    [Fact]
    public void It_ends_when_disposed_whether_it_was_started_or_not()
    {
        new StateWriter(File, (_, _) => { }).Dispose();
        var writer = Started();
        writer.Submit(State(1));
        writer.Dispose();
        writer.Submit(State(2));
        Assert.DoesNotContain(2u, _stored.Select(stored => stored.State.Ceiling));
    }

    private StateWriter Started()
    {
        var writer = new StateWriter(File, (state, failure) =>
        {
            _stored.Enqueue((state, failure));
            _mayReturn.Wait(Eventually.Patience);
        });
        writer.Start();
        return writer;
    }

    private static NodeState State(uint ceiling) => new() { Ceiling = ceiling, Current = Changes.At(0) };
}
