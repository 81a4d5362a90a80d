using System.Text.Json;
using SysGenId.Operator.Tests.Agents;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Node.Checkpoints;

/// <summary>The mark by which the hook's second call learns that the first was enough.</summary>
public sealed class PublishedMarksTests : IAsyncLifetime
{
    private AgentUnderTest _agent = null!;

    public ValueTask InitializeAsync()
    {
        Requires.Root();
        Requires.Compiler();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null) await _agent.DisposeAsync();
    }

    [Fact]
    public async Task S20_A_restore_is_marked_with_its_answer_and_not_before_and_until_its_CRIU_ends()
    {
        _agent = await AgentUnderTest.StartAsync();
        using var sidecar = await FakeSidecar.RegisterAsync(_agent, "pod");
        await sidecar.PublishNextAsync();
        await using var container = await FakeContainer.StartAsync(sidecar.Directory);
        await using var criu = await FakeCriu.StartAsync(_agent);

        var answer = criu.PostRestoreAsync(container.InitPid);
        var change = await sidecar.NextAsync("generation");
        await sidecar.HasHeardNothingAsync();
        Assert.Empty(Marks());

        await sidecar.PublishedAsync(change);
        Assert.True((await answer).GetProperty("ok").GetBoolean());
        await Eventually.HoldsAsync(() => Marks().Length > 0);
        Assert.Equal([$"published-{criu.Pid}"], Marks());
        var status = new FileInfo(Path.Combine(_agent.RunDirectory, $"published-{criu.Pid}"));
        Assert.Equal((0L, UnixFileMode.UserRead | UnixFileMode.UserWrite), (status.Length, status.UnixFileMode));

        await criu.EndAsync();
        await Eventually.HoldsAsync(() => Marks().Length == 0);
    }

    [Fact]
    public async Task S25_A_restore_that_is_answered_with_a_failure_is_not_marked()
    {
        _agent = await AgentUnderTest.StartAsync(options => options with { PublishTimeout = TimeSpan.FromMilliseconds(150) });
        using var sidecar = await FakeSidecar.RegisterAsync(_agent, "pod");
        await using var container = await FakeContainer.StartAsync(sidecar.Directory);
        await using var criu = await FakeCriu.StartAsync(_agent);

        Assert.False((await criu.PostRestoreAsync(container.InitPid)).GetProperty("ok").GetBoolean());
        await _agent.StatusAsync();
        Assert.Empty(Marks());
    }

    [Fact]
    public async Task A_dump_is_not_marked()
    {
        _agent = await AgentUnderTest.StartAsync();
        await using var criu = await FakeCriu.StartAsync(_agent);
        await criu.PreDumpAsync(Environment.ProcessId);
        await criu.PostDumpAsync(Environment.ProcessId);
        await _agent.StatusAsync();
        Assert.Empty(Marks());
    }

    [Fact]
    public async Task Two_restores_at_once_are_marked_each_for_itself()
    {
        _agent = await AgentUnderTest.StartAsync();
        await using var one = await FakeCriu.StartAsync(_agent);
        await using var other = await FakeCriu.StartAsync(_agent);
        await one.PostRestoreAsync(Environment.ProcessId);
        await other.PostRestoreAsync(Environment.ProcessId);
        await Eventually.HoldsAsync(() => Marks().Length == 2);
        await one.EndAsync();
        await Eventually.HoldsAsync(() => Marks().Length == 1);
        Assert.Equal([$"published-{other.Pid}"], Marks());
    }

    [Fact]
    public async Task What_an_agent_left_that_was_killed_is_removed_at_the_next_start_and_nothing_else()
    {
        _agent = await AgentUnderTest.StartAsync();
        await _agent.StopAsync();
        File.WriteAllText(Path.Combine(_agent.RunDirectory, "published-4711"), "");
        File.WriteAllText(Path.Combine(_agent.RunDirectory, "unpublished-4711"), "");
        Directory.CreateDirectory(Path.Combine(_agent.RunDirectory, "published-4712"));
        await _agent.StartAgainAsync();
        Assert.Equal(["published-4712"], Marks());
        Assert.True(File.Exists(Path.Combine(_agent.RunDirectory, "unpublished-4711")));
        Assert.Equal(JsonValueKind.True, (await _agent.StatusAsync()).GetProperty("ok").ValueKind);
    }

    private string[] Marks() => [.. Directory.GetFileSystemEntries(_agent.RunDirectory, "published-*").Select(path => Path.GetFileName(path))];
}
