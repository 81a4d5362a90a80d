using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Cluster;

/// <summary>What a watch makes of answers that a good server gives rarely or never; the rest is in the cluster tests.</summary>
public sealed class ObjectWatchTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Watches_that_end_at_once_for_ever_make_no_busy_loop()
    {
        using var api = ScriptedApi.Answering(request => request.IsWatch ? ScriptedApi.Watch() : ScriptedApi.List("1"));

        var requests = await RequestsInAnHourAsync(api);

        Assert.InRange(requests.Count(request => request.IsWatch), 10, 300); // One in 15 to 30 s.
        Assert.Single(requests, request => !request.IsWatch);
    }

    [Fact]
    public async Task Watches_that_deliver_something_and_end_at_once_make_no_busy_loop_either()
    {
        using var api = ScriptedApi.Answering(
            request => request.IsWatch ? ScriptedApi.Watch(ScriptedApi.Line("MODIFIED", "node-1@2")) : ScriptedApi.List("1", "node-1@1"));

        Assert.InRange((await RequestsInAnHourAsync(api)).Count, 10, 300);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(410)]
    [InlineData(503)]
    public async Task A_server_that_refuses_for_ever_is_not_hammered(int status)
    {
        using var api = ScriptedApi.Answering(_ => ScriptedApi.Json("{}", (HttpStatusCode)status));

        Assert.InRange((await RequestsInAnHourAsync(api)).Count, 10, 300);
    }

    [Fact]
    public async Task A_watch_that_is_too_old_at_every_attempt_is_not_hammered()
    {
        using var api = ScriptedApi.Answering(request =>
            request.IsWatch ? ScriptedApi.Watch("""{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}""") : ScriptedApi.List("1"));

        Assert.InRange((await RequestsInAnHourAsync(api)).Count, 10, 600); // A list and a watch each time.
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"type":"ADDED"}""")]
    [InlineData("""{"type":"ADDED","object":{}}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":null}}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"name":"node-2","resourceVersion":"2"},"spec":{"minimumGeneration":"seven"}}}""")]
    [InlineData("""{"type":"ERROR","object":"?"}""")]
    public async Task What_cannot_be_read_is_not_stepped_over_but_listed_anew(string line)
    {
        var lists = 0;
        using var api = ScriptedApi.Answering(request =>
            !request.IsWatch ? ScriptedApi.List($"{++lists}", "node-1@1") : lists == 1 ? ScriptedApi.Watch(line) : ScriptedApi.Watch(ScriptedApi.Line("ADDED", "node-3@9")));
        await using var watch = Start(api);

        await Eventually.HoldsAsync(() => Advance() && watch.Objects.ContainsKey("node-3"));

        Assert.True(lists > 1);
        Assert.DoesNotContain("node-2", watch.Objects.Keys);
    }

    [Fact]
    public async Task A_bookmark_is_where_the_next_watch_begins()
    {
        using var api = ScriptedApi.Answering(
            request => request.IsWatch ? ScriptedApi.Watch(ScriptedApi.Line("BOOKMARK", "@77")) : ScriptedApi.List("5", "node-1@1"));
        await using var watch = Start(api);

        await Eventually.HoldsAsync(() => Advance() && api.Requests.Count(request => request.IsWatch) >= 2);

        var watches = api.Requests.Where(request => request.IsWatch).ToList();
        Assert.Contains("resourceVersion=5&", watches[0].Uri, StringComparison.Ordinal);
        Assert.Contains("resourceVersion=77&", watches[1].Uri, StringComparison.Ordinal);
        Assert.Equal(["node-1"], watch.Objects.Keys);
    }

    [Fact]
    public async Task A_connection_that_went_silent_for_good_is_given_up()
    {
        using var api = ScriptedApi.Answering(request =>
            request.IsWatch ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new SilentStream()) } : ScriptedApi.List("5"));
        await using var watch = Start(api);
        await watch.Synced;

        await Eventually.HoldsAsync(() => Advance(TimeSpan.FromMinutes(1)) && api.Requests.Count(request => request.IsWatch) >= 2);

        Assert.Single(api.Requests, request => !request.IsWatch);
    }

    [Fact]
    public async Task An_object_made_anew_while_nobody_watched_is_another_one()
    {
        var lists = 0;
        using var api = ScriptedApi.Answering(request =>
            request.IsWatch ? ScriptedApi.Json("{}", HttpStatusCode.Gone)
            : lists++ == 0 ? ScriptedApi.List("1", "node-1@1@first", "node-2@1", "node-3@1", "node-4@1")
            : ScriptedApi.List("9", "node-1@8@second", "node-2@7", "node-4@1", "node-5@6"));
        await using var watch = Start(api);

        await Eventually.HoldsAsync(() => Advance() && lists > 1 && watch.Objects.ContainsKey("node-5"));
        await Eventually.HoldsAsync(() => watch.Seen.Count >= 9);

        Assert.Equal(
            ["Added node-1", "Added node-5", "Modified node-2", "Removed node-1", "Removed node-3"],
            watch.Seen.Skip(4).Select(change => $"{change.Kind} {change.Key}").Order());
        Assert.True(
            watch.Seen.FindLastIndex(change => change.Kind == ObjectChangeKind.Removed) < watch.Seen.FindIndex(4, change => change.Kind == ObjectChangeKind.Added));
    }

    [Fact]
    public async Task What_a_handler_throws_ends_nothing()
    {
        using var api = ScriptedApi.Answering(request => request.IsWatch ? ScriptedApi.Watch() : ScriptedApi.List("1", "node-1@1", "node-2@1"));
        using var cluster = api.Connect();
        var watched = new ObjectWatch<SystemGeneration>(cluster, new(), _clock, new Random(1), NullLogger.Instance);
        watched.Changed += _ => throw new InvalidOperationException("a bug");
        using var end = new CancellationTokenSource();
        var running = watched.RunAsync(end.Token);

        await watched.Synced.WaitAsync(Eventually.Patience, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal(2, watched.Objects.Count);
        await end.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_snapshot_never_changes()
    {
        using var api = ScriptedApi.Answering(
            request => request.IsWatch ? ScriptedApi.Watch(ScriptedApi.Line("DELETED", "node-1@2")) : ScriptedApi.List("1", "node-1@1"));
        IReadOnlyDictionary<string, SystemGeneration>? before = null;
        await using var watch = Start(api, (self, change) => before ??= self.Objects);

        await Eventually.HoldsAsync(() => Advance() && watch.Seen.Count == 2);

        Assert.Equal(["node-1"], before!.Keys);
        Assert.Empty(watch.Objects);
    }

    private async Task<IReadOnlyList<ScriptedApi.Request>> RequestsInAnHourAsync(ScriptedApi api)
    {
        await using var watch = Start(api);
        for (var second = 0; second < 3600; second++)
        {
            Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return api.Requests;
    }

    private RunningWatch Start(ScriptedApi api, Action<RunningWatch, ObjectChange<SystemGeneration>>? changed = null) => new(api, _clock, changed);

    private bool Advance() => Advance(TimeSpan.FromSeconds(1));

    private bool Advance(TimeSpan time)
    {
        _clock.Advance(time);
        return true;
    }

    private sealed class RunningWatch : IAsyncDisposable
    {
        private readonly ClusterConnection _cluster;
        private readonly ObjectWatch<SystemGeneration> _watch;
        private readonly CancellationTokenSource _end = new();
        private readonly Task _running;

        public RunningWatch(ScriptedApi api, TimeProvider clock, Action<RunningWatch, ObjectChange<SystemGeneration>>? changed)
        {
            _cluster = api.Connect();
            _watch = new(_cluster, new(), clock, new Random(1), NullLogger.Instance);
            _watch.Changed += change =>
            {
                changed?.Invoke(this, change);
                Seen.Add(change);
            };
            _running = _watch.RunAsync(_end.Token);
        }

        public List<ObjectChange<SystemGeneration>> Seen { get; } = [];

        public IReadOnlyDictionary<string, SystemGeneration> Objects => _watch.Objects;

        public Task Synced => _watch.Synced;

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _running;
            _end.Dispose();
            _cluster.Dispose();
        }
    }

    private sealed class SilentStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => 0; set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return 0;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
