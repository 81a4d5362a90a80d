using System.Text;
using SysGenId.Adversity.Tests.Harness;
using SysGenId.TestSupport;

namespace SysGenId.Adversity.Tests.Input;

/// <summary>What strangers send to our sockets: each gets what docs/protocol.md says, and the others go on.</summary>
public sealed class BadInputTests(ITestOutputHelper output)
{
    private const int Connections = 8;
    private const int LinesOfConnection = 4000;
    private const int MaximumLine = 16 * 1024;

    public static TheoryData<string> Targets => ServerUnderFire.Targets;

    public static TheoryData<string> LineTargets => ["agent", "control"];

    [Theory, MemberData(nameof(Targets))]
    public async Task Concurrent_garbage_is_answered_or_dropped_and_others_are_served(string target)
    {
        await using var server = await ServerUnderFire.StartAsync(target);
        var seed = Seed.Next();

        var sent = await Task.WhenAll(Enumerable.Range(0, Connections).Select(index => Task.Run(() => SendGarbageAsync(server.Socket, seed + index))));

        output.WriteLine($"SYSGENID_SEED={seed}: {sent.Sum()} lines to {target}; {await server.HasSurvivedAsync()}");
        Assert.Equal(Connections * LinesOfConnection, sent.Sum());
    }

    [Theory, MemberData(nameof(LineTargets))]
    public async Task A_line_that_is_too_long_is_answered_so_and_ends_its_connection(string target)
    {
        await using var server = await ServerUnderFire.StartAsync(target);

        foreach (var hasEnd in new[] { true, false })
        {
            using var client = new RawClient(server.Socket);
            var line = Encoding.UTF8.GetBytes("{\"op\":\"" + new string('x', MaximumLine) + (hasEnd ? "\"}\n" : ""));
            await client.TrySendAsync(line);
            Assert.Contains("message-too-long", await client.ReadToEndAsync(), StringComparison.Ordinal);
        }

        await server.HasSurvivedAsync();
    }

    [Theory, MemberData(nameof(LineTargets))]
    public async Task The_longest_line_is_a_line(string target)
    {
        await using var server = await ServerUnderFire.StartAsync(target);
        using var client = new RawClient(server.Socket);
        const string Request = """{"op":"hello","protocol":1}""";

        await client.TrySendAsync(Encoding.UTF8.GetBytes(Request.PadRight(MaximumLine - 1) + "\n"));
        client.HalfClose();

        Assert.Contains("\"ok\":true", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Targets))]
    public async Task Who_dribbles_is_closed_after_five_seconds_however_slowly_the_bytes_come(string target)
    {
        await using var server = await ServerUnderFire.StartAsync(target);
        var start = TimeProvider.System.GetTimestamp();
        var clients = Enumerable.Range(0, 32).Select(_ => new RawClient(server.Socket)).ToArray();
        var ends = clients.Select(client => client.ReadToEndAsync()).ToArray();
        foreach (var client in clients)
            await client.TrySendAsync("{"u8.ToArray());
        await Eventually.HoldsAsync(() => TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromSeconds(3), what: "three seconds have passed");
        foreach (var client in clients)
            await client.TrySendAsync("\""u8.ToArray());

        var answers = await Task.WhenAll(ends);

        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.FromSeconds(4.9), TimeSpan.FromSeconds(7));
        if (target != "watch")
            Assert.All(answers, answer => Assert.Contains("message-too-slow", answer, StringComparison.Ordinal));
        foreach (var client in clients)
            client.Dispose();
        await server.HasSurvivedAsync();
    }

    [Theory, MemberData(nameof(LineTargets))]
    public async Task Who_half_closes_gets_the_answers_to_what_it_asked_before(string target)
    {
        await using var server = await ServerUnderFire.StartAsync(target);
        using var client = new RawClient(server.Socket);

        await client.TrySendAsync("{\"op\":\"status\"}\n{\"op\":\"status\"}\n{\"op\":"u8.ToArray());
        client.HalfClose();

        Assert.Equal(2, (await client.ReadToEndAsync()).Split("\"ok\":true").Length - 1);
        await server.HasSurvivedAsync();
    }

    [Theory]
    [InlineData("agent", "history")]
    [InlineData("agent", "status")]
    [InlineData("control", "status")]
    public async Task Who_asks_without_end_and_never_reads_is_disconnected(string target, string operation)
    {
        await using var server = await ServerUnderFire.StartAsync(target);
        var request = Encoding.UTF8.GetBytes($$"""{"op":"{{operation}}"}""" + "\n");
        var deaf = Enumerable.Range(0, 16).Select(_ => new RawClient(server.Socket)).ToArray();

        await Task.WhenAll(deaf.Select(client => Task.Run(async () =>
        {
            for (var count = 0; count < 100_000 && await client.TrySendAsync(request); count++)
            {
            }

            Assert.False(await client.TrySendAsync(request), "nobody ended the connection");
        })));

        output.WriteLine(await server.HasSurvivedAsync());
        foreach (var client in deaf)
            client.Dispose();
    }

    [Fact]
    public async Task A_watcher_that_never_reads_costs_one_word_and_stalls_nobody()
    {
        await using var server = await ServerUnderFire.StartAsync("watch");
        var deaf = Enumerable.Range(0, 200).Select(_ => new RawClient(server.Socket)).ToArray();
        await Eventually.HoldsAsync(
            async () => (await server.Pod.AskAsync(new { op = "watchers" })).GetProperty("watchers").GetInt32() == deaf.Length, what: "all are watchers");
        foreach (var client in deaf)
        {
            for (var words = 0; words < 100_000 && client.TrySendNow(new byte[4096]); words++)
            {
            }
        }

        for (var bump = 0; bump < 100; bump++)
            Assert.True((await server.Pod.AskAsync(new { op = "force" })).GetProperty("ok").GetBoolean());

        Assert.Equal(200, (await server.Pod.AskAsync(new { op = "watchers" })).GetProperty("outdated").GetInt32());
        foreach (var client in deaf)
            client.Dispose();
        output.WriteLine(await server.HasSurvivedAsync());
    }

    [Theory, MemberData(nameof(Targets))]
    public async Task Thousands_of_connections_that_come_and_go_leave_nothing_behind(string target)
    {
        await using var server = await ServerUnderFire.StartAsync(target);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var connection = 0; connection < 1500; connection++)
            {
                using var client = new RawClient(server.Socket);
                client.TrySendNow("{\"op\""u8);
            }
        })));

        output.WriteLine(await server.HasSurvivedAsync());
    }

    [Theory]
    [InlineData("control", 64)]
    [InlineData("watch", 1024)]
    public async Task More_connections_than_there_may_be_are_refused_and_the_others_are_kept(string target, int most)
    {
        await using var server = await ServerUnderFire.StartAsync(target);
        var clients = Enumerable.Range(0, most + 100).Select(_ => new RawClient(server.Socket)).ToArray();

        var ends = clients[^100..].Select(client => client.ReadToEndAsync()).ToArray();

        var answers = await Task.WhenAll(ends);
        if (target == "control")
            Assert.All(answers, answer => Assert.Contains("too-many-connections", answer, StringComparison.Ordinal));
        foreach (var client in clients)
            client.Dispose();
        output.WriteLine(await server.HasSurvivedAsync());
    }

    [Fact]
    public async Task Who_reads_our_logs_and_stops_reading_does_not_stop_us()
    {
        await using var node = NodeOnTrial.Create();
        node.Prefix = StuckReader.Of(node);
        await node.StartAgentAsync();
        var pod = node.CreatePod();
        pod.Prefix = StuckReader.Of(node);
        await pod.StartSidecarAsync();
        await pod.IsConnectedAsync();

        // Each is a line in both logs; the pipes take some hundred, the queue before them some thousand.
        using var client = node.Connect();
        for (var bump = 0; bump < 5000; bump++)
            Assert.True((await client.AskAsync(new { op = "force" })).GetProperty("ok").GetBoolean());

        await Eventually.HoldsAsync(() => pod.Generation >= node.Generation, what: "the pod shows the last generation");
        Assert.Equal(5000u, node.Generation);
    }

    private static async Task<int> SendGarbageAsync(string socket, int seed)
    {
        var garbage = new Garbage(seed);
        var sent = 0;
        while (sent < LinesOfConnection)
        {
            using var client = new RawClient(socket);
            var reading = client.SwallowAsync();
            for (var alive = true; alive && sent < LinesOfConnection; sent++)
                alive = await client.TrySendAsync(garbage.NextLine());
            client.HalfClose();
            await reading;
        }

        return sent;
    }
}
