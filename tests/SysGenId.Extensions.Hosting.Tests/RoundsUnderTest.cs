using Microsoft.Extensions.Logging.Abstractions;
using SysGenId.Extensions.Hosting.Rounds;
using SysGenId.TestSupport;

namespace SysGenId.Extensions.Hosting.Tests;

/// <summary>Rounds over a fake watcher and a fake clock.</summary>
internal sealed class RoundsUnderTest : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, RecordingHandler> _handlers = [];
    private readonly List<string> _calls = [];
    private Task? _running;
    private int _passed;

    /// <param name="handlers">Names, in the order of registration.</param>
    public RoundsUnderTest(params IEnumerable<string> handlers)
    {
        foreach (var name in handlers)
            _handlers[name] = new RecordingHandler(name, _calls);
    }

    public FakeSource Source { get; } = new();

    public PauseClock Clock { get; } = new();

    public SystemGenerationOptions Options { get; init; } = new();

    public GenerationRounds Rounds { get; private set; } = null!;

    /// <summary>Ends when the rounds do.</summary>
    public Task Running => _running ?? throw new InvalidOperationException("They were not started.");

    /// <summary>"handler generation" for each call so far.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_calls)
                return [.. _calls];
        }
    }

    public RecordingHandler this[string name] => _handlers[name];

    /// <summary>Makes the rounds without running them.</summary>
    public RoundsUnderTest Create()
    {
        Rounds = new GenerationRounds(Source, _handlers.Values, Options, Clock, NullLogger.Instance);
        return this;
    }

    public RoundsUnderTest Start()
    {
        Create();
        _running = Rounds.RunAsync(_stop.Token);
        return this;
    }

    public Task CalledAsync(params IReadOnlyList<string> calls) =>
        Eventually.HoldsAsync(() => Calls.SequenceEqual(calls), what: $"the calls are {string.Join(", ", calls)}");

    /// <summary>Moves the clock once for each pause that the rounds have begun, until they have gone on so far.</summary>
    public Task CalledWhileTimePassesAsync(TimeSpan step, params IReadOnlyList<string> calls) => Eventually.HoldsAsync(
        () =>
        {
            if (Calls.Count < calls.Count && _passed < Clock.Pauses)
            {
                _passed++;
                Clock.Advance(step);
            }

            return Calls.SequenceEqual(calls);
        },
        what: $"the calls are {string.Join(", ", calls)}");

    /// <summary>Nothing is called until this has passed, then something is.</summary>
    public async Task PausesForAsync(TimeSpan pause)
    {
        var tick = TimeSpan.FromMilliseconds(1);
        var calls = Calls.Count;
        await Eventually.HoldsAsync(() => Clock.Pauses == calls);
        Clock.Advance(pause - tick);
        Assert.Equal(calls, Calls.Count);
        Clock.Advance(tick);
    }

    public Task AcknowledgedAsync(uint generation) => Eventually.HoldsAsync(() => Rounds.State.Handled == generation);

    public Task StopAsync()
    {
        _stop.Cancel();
        return Running;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_running is not null)
            await _running.ContinueWith(_ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }
}
