using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using SysGenId.Operator.Cluster;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Cluster;

public sealed class EventRecorderTests
{
    private readonly PauseClock _clock = new(new DateTimeOffset(2026, 1, 2, 12, 0, 0, TimeSpan.Zero));

    private readonly EventIds _log = new();

    [Fact]
    public async Task A_storm_of_different_subjects_is_written_at_a_measured_pace()
    {
        using var api = ScriptedApi.Answering(Accepted);
        await using var recorder = Start(api);

        for (var i = 0; i < 100; i++) recorder.Record($"node-{i}");
        await Eventually.HoldsAsync(() => api.Requests.Count >= 5);

        Assert.Equal(5, api.Requests.Count); // The burst, while the clock stands still.
        await Eventually.HoldsAsync(() => Advance() && api.Requests.Count == 100);
        Assert.True(_clock.GetUtcNow() - _clock.Start >= TimeSpan.FromSeconds(100));
    }

    [Fact]
    public async Task Events_make_way_for_what_else_the_process_writes()
    {
        using var api = ScriptedApi.Answering(Accepted);
        await using var recorder = Start(api);
        for (var i = 0; i < 100; i++) recorder.Record($"node-{i}");
        await Eventually.HoldsAsync(() => api.Requests.Count == 5);

        for (var second = 0; second < 60; second++)
        {
            recorder.CountOtherWrite();
            Advance();
            await Task.Yield();
        }

        Assert.InRange(api.Requests.Count, 5, 7);
        await Eventually.HoldsAsync(() => Advance() && api.Requests.Count == 100);
    }

    [Fact]
    public async Task More_than_can_wait_is_dropped_and_nobody_is_held_up()
    {
        using var api = ScriptedApi.Answering(_ => ScriptedApi.Json("{}", HttpStatusCode.ServiceUnavailable));
        await using var recorder = Start(api);

        for (var i = 0; i < 10 * EventRecorder.Waiting; i++) recorder.Record($"node-{i}");
        await Eventually.HoldsAsync(() => Advance() && api.Requests.Count > 2);

        // So many are in line, so many may be on their way there; whatever the other thread does meanwhile.
        await Eventually.HoldsAsync(() => _log.CountOf(210) >= 8 * EventRecorder.Waiting);
    }

    [Fact]
    public async Task What_waits_at_the_end_is_still_written()
    {
        using var api = ScriptedApi.Answering(Accepted);
        await using var recorder = Start(api);
        for (var i = 0; i < 50; i++) recorder.Record($"node-{i}");
        await Eventually.HoldsAsync(() => _clock.Pauses == 1); // After the burst, while the clock stands still.

        await recorder.EndAsync();

        Assert.Equal(50, api.Requests.Count);
    }

    [Fact]
    public async Task A_server_that_is_away_does_not_hold_up_the_end()
    {
        using var api = ScriptedApi.Answering(_ => throw new HttpRequestException("Connection refused"));
        var recorder = Start(api);
        recorder.Record("node-1");
        await Eventually.HoldsAsync(() => api.Requests.Count > 0);

        await recorder.DisposeAsync();

        Assert.InRange(api.Requests.Count, 1, 10);
    }

    [Fact]
    public async Task An_event_that_is_refused_holds_up_no_other()
    {
        using var api = ScriptedApi.Answering(request => request.Body.Contains("node-1", StringComparison.Ordinal) ? ScriptedApi.Json("{}", HttpStatusCode.Forbidden) : Accepted(request));
        await using var recorder = Start(api);

        recorder.Record("node-1");
        recorder.Record("node-2");

        await Eventually.HoldsAsync(() => api.Requests.Count == 2);
        Assert.Contains("node-2", api.Requests[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_server_is_away_the_same_event_is_counted_and_then_written_once()
    {
        var isAway = true;
        using var api = ScriptedApi.Answering(request => Volatile.Read(ref isAway) ? ScriptedApi.Json("{}", HttpStatusCode.ServiceUnavailable) : Accepted(request));
        await using var recorder = Start(api);
        recorder.Record("node-1");
        await Eventually.HoldsAsync(() => api.Requests.Count == 1);

        for (var i = 0; i < 5; i++) recorder.Record("node-1");
        await Eventually.HoldsAsync(() => Advance() && api.Requests.Count >= 3);
        Volatile.Write(ref isAway, false);
        var refused = api.Requests.Count;
        await Eventually.HoldsAsync(() => Advance() && api.Requests.Count > refused);

        Assert.Equal(6, JsonNode.Parse(api.Requests[^1].Body)!["count"]!.GetValue<int>());
        Assert.Equal("POST", api.Requests[^1].Method);
    }

    [Fact]
    public async Task A_message_longer_than_the_api_takes_is_cut()
    {
        using var api = ScriptedApi.Answering(Accepted);
        await using var recorder = Start(api);

        recorder.Record("node-1", new string('x', 5000));
        await Eventually.HoldsAsync(() => api.Requests.Count == 1);

        Assert.Equal(1024, JsonNode.Parse(api.Requests[0].Body)!["message"]!.GetValue<string>().Length);
    }

    private static HttpResponseMessage Accepted(ScriptedApi.Request request) => ScriptedApi.Json("{}");

    private bool Advance()
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        return true;
    }

    private RunningRecorder Start(ScriptedApi api) => new(api, _clock, _log);

    private sealed class RunningRecorder : IAsyncDisposable
    {
        private readonly ClusterConnection _cluster;
        private readonly EventRecorder _recorder;
        private readonly CancellationTokenSource _end = new();
        private readonly FakeTimeProvider _clock;
        private readonly Task _running;

        public RunningRecorder(ScriptedApi api, FakeTimeProvider clock, EventIds log)
        {
            _clock = clock;
            _cluster = api.Connect();
            _recorder = new EventRecorder(_cluster, "sysgenid-agent", "node-1", clock, new Random(1), log);
            _running = _recorder.RunAsync(_end.Token);
        }

        public void Record(string node, string message = "A container was restored.") =>
            _recorder.Record(new ClusterEvent(EventSubject.Node(node), EventSeverity.Normal, "ContainerRestored", message));

        public void CountOtherWrite() => _recorder.CountOtherWrite();

        /// <summary>Ends it in no time.</summary>
        public async Task EndAsync()
        {
            await _end.CancelAsync();
            await _running.WaitAsync(Eventually.Patience, TimeProvider.System);
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await Eventually.HoldsAsync(() =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return _running.IsCompleted;
            });
            await _running;
            _end.Dispose();
            _cluster.Dispose();
        }
    }
}
