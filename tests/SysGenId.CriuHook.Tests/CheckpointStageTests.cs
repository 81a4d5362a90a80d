using SysGenId.Core.Protocol;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.CriuHook.Tests;

public sealed class CheckpointStageTests : IDisposable
{
    private readonly HookUnderTest _hook = new();

    private static CheckpointRecord Record => new()
    {
        Generation = 7,
        Id = new Guid("11112222-3333-4444-5555-666677778888"),
        Node = "node-a",
        PodUid = "uid",
        PodNamespace = "default",
        PodName = "web-0",
        Container = "app",
        Watchers = 2,
        TimeNs = 5,
    };

    [Fact]
    public async Task S21_the_agents_record_travels_in_the_images()
    {
        await using var agent = _hook.AgentAnswering(HookUnderTest.Answer(Record));

        var result = await _hook.RunAsync(CriuStage.PreDump, initPid: 4711);

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Equal(Record, CheckpointRecord.TryParse(await File.ReadAllBytesAsync(_hook.Record, TestContext.Current.CancellationToken)));
        Assert.Equal(["sysgenid.json"], Directory.GetFileSystemEntries(_hook.Images).Select(Path.GetFileName));
        var request = Assert.Single(agent.Requests);
        Assert.Equal("checkpointing", request.GetProperty("op").GetString());
        Assert.Equal(4711, request.GetProperty("initPid").GetInt32());
        Assert.Equal(_hook.Images, request.GetProperty("imageDir").GetString());
    }

    [Theory]
    [InlineData(4294967294)]
    [InlineData(4294967295)]
    public async Task S02_a_record_may_name_the_last_numbers(uint generation)
    {
        await using (_hook.AgentAnswering(HookUnderTest.Answer(Record with { Generation = generation })))
        {
            Assert.Equal(0, (await _hook.RunAsync(CriuStage.PreDump)).ExitCode);
        }

        await using var agent = _hook.AgentAnswering("""{"ok":true}""");
        Assert.Equal(0, (await _hook.RunAsync(CriuStage.PostRestore)).ExitCode);
        Assert.Equal(generation, agent.Requests[0].GetProperty("record").GetProperty("generation").GetUInt32());
    }

    [Fact]
    public async Task A_record_of_an_earlier_dump_is_replaced()
    {
        await using var agent = _hook.WithRecord(3).AgentAnswering(HookUnderTest.Answer(Record));
        Assert.Equal(0, (await _hook.RunAsync(CriuStage.PreDump)).ExitCode);
        Assert.Equal(7u, CheckpointRecord.TryParse(await File.ReadAllBytesAsync(_hook.Record, TestContext.Current.CancellationToken))!.Generation);
    }

    [Fact]
    public async Task A_record_of_an_earlier_dump_is_removed_when_the_container_is_not_ours()
    {
        await using var agent = _hook.WithRecord(3).AgentAnswering("""{"ok":true}""");
        Assert.Equal(0, (await _hook.RunAsync(CriuStage.PreDump)).ExitCode);
        Assert.False(File.Exists(_hook.Record));
    }

    [Fact]
    public async Task A_symbolic_link_planted_where_the_record_goes_is_replaced_and_not_followed()
    {
        var victim = _hook.PathOf("victim");
        await File.WriteAllTextAsync(victim, "precious", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(_hook.Record, victim);
        File.CreateSymbolicLink(Path.Join(_hook.Images, ".sysgenid.json.new"), victim);
        await using var agent = _hook.AgentAnswering(HookUnderTest.Answer(Record));

        Assert.Equal(0, (await _hook.RunAsync(CriuStage.PreDump)).ExitCode);

        Assert.Equal("precious", await File.ReadAllTextAsync(victim, TestContext.Current.CancellationToken));
        Assert.Null(File.ResolveLinkTarget(_hook.Record, returnFinalTarget: false));
        Assert.NotNull(CheckpointRecord.TryParse(await File.ReadAllBytesAsync(_hook.Record, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task S25_a_dump_of_ours_is_aborted_when_its_record_cannot_be_written()
    {
        Directory.CreateDirectory(_hook.Record);
        await using var agent = _hook.AgentAnswering(HookUnderTest.Answer(Record));

        var result = await _hook.RunAsync(CriuStage.PreDump);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("sysgenid: dump aborted", result.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_hook.Images));
    }

    [Fact]
    public async Task S25_a_dump_that_is_not_ours_goes_on_at_once_without_an_agent()
    {
        var (result, time) = await _hook.WithPolicy(RestoreFailurePolicy.Fail, 60_000).TimeAsync(CriuStage.PreDump);
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.True(time < Eventually.Patience);
    }

    [Fact]
    public async Task S25_a_dump_of_ours_is_aborted_when_no_agent_comes_within_the_publish_timeout()
    {
        await using var container = await ContainerOfOurs.StartAsync();
        var (result, time) = await _hook.WithPolicy(RestoreFailurePolicy.Fail, 300).TimeAsync(CriuStage.PreDump, container.InitPid);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("cannot be reached", result.Errors, StringComparison.Ordinal);
        Assert.Contains("Start the SysGenId node agent", result.Errors, StringComparison.Ordinal);
        Assert.InRange(time, TimeSpan.FromMilliseconds(300), NodePolicy.Default.PublishTimeout);
    }

    [Fact]
    public async Task S25_under_Ignore_a_dump_of_ours_goes_on_without_a_record()
    {
        await using var container = await ContainerOfOurs.StartAsync();
        var result = await _hook.WithRecord(3).WithPolicy(RestoreFailurePolicy.Ignore, 100).RunAsync(CriuStage.PreDump, container.InitPid);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("goes on without a record", result.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_hook.Record));
    }

    [Fact]
    public async Task A_dump_of_ours_waits_for_an_agent_that_starts_again()
    {
        await using var container = await ContainerOfOurs.StartAsync();
        Task<CommandResult> run;
        await using (var first = FakeAgent.HangingUp(_hook.WithPolicy(RestoreFailurePolicy.Fail, 20_000).Socket))
        {
            run = _hook.RunAsync(CriuStage.PreDump, container.InitPid);
            await Eventually.HoldsAsync(() => first.Requests.Count > 0);
        }

        await using var second = _hook.AgentAnswering(HookUnderTest.Answer(Record));
        Assert.Equal(0, (await run).ExitCode);
        Assert.True(File.Exists(_hook.Record));
    }

    [Fact]
    public async Task The_agents_error_aborts_a_dump_of_ours_and_only_of_ours()
    {
        await using var agent = _hook.AgentAnswering("""{"ok":false,"error":"publish-timeout","message":"the sidecar is away"}""");
        await using var container = await ContainerOfOurs.StartAsync();

        var ours = await _hook.RunAsync(CriuStage.PreDump, container.InitPid);
        var other = await _hook.RunAsync(CriuStage.PreDump);

        Assert.Equal((1, 0), (ours.ExitCode, other.ExitCode));
        Assert.Contains("the sidecar is away", ours.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_a_dump_is_reported()
    {
        await using var agent = _hook.AgentAnswering("""{"ok":true}""");
        Assert.Equal(0, (await _hook.RunAsync(CriuStage.PostDump)).ExitCode);
        Assert.Equal("checkpointed", agent.Requests[0].GetProperty("op").GetString());
    }

    [Fact]
    public async Task A_written_dump_succeeds_whatever_the_agent_does()
    {
        await using var container = await ContainerOfOurs.StartAsync();
        Assert.Equal(0, (await _hook.RunAsync(CriuStage.PostDump, container.InitPid)).ExitCode);
        await using (_hook.AgentAnswering("""{"ok":false,"error":"invalid-argument","message":"no"}"""))
        {
            Assert.Equal(0, (await _hook.RunAsync(CriuStage.PostDump, container.InitPid)).ExitCode);
        }

        await using var silent = FakeAgent.Silent(_hook.Socket);
        var (result, time) = await _hook.WithPolicy(RestoreFailurePolicy.Fail, 60_000).TimeAsync(CriuStage.PostDump, container.InitPid);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("did not answer in time", result.Errors, StringComparison.Ordinal);
        Assert.True(time < Eventually.Patience);
    }

    public void Dispose() => _hook.Dispose();
}
