using SysGenId.Core.CounterPage;
using SysGenId.Core.Linux;
using SysGenId.Operator.Tests.Agents;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Node;

public sealed class NodeAgentTests : IAsyncDisposable
{
    private readonly AgentUnderTest _agent;

    public NodeAgentTests()
    {
        Requires.Root();
        _agent = AgentUnderTest.Create();
    }

    public ValueTask DisposeAsync() => _agent.DisposeAsync();

    [Fact]
    public async Task S02_The_next_agent_goes_on_exactly_where_the_last_one_stopped_also_after_a_reboot()
    {
        await _agent.StartAgainAsync();
        var last = await _agent.ForceAsync(7);
        await _agent.StopAsync();
        LoseRuntimeDirectory();
        await _agent.StartAgainAsync();

        var status = await _agent.StatusAsync();
        Assert.Equal(("7", last.GetProperty("id").GetGuid()), (status.GetProperty("generation").ToString(), status.GetProperty("id").GetGuid()));
        Assert.Single(await _agent.HistoryAsync());
        Assert.Equal(7u, _agent.Generation);
    }

    [Fact]
    public async Task The_page_keeps_its_inode_and_shows_whether_an_agent_is_there()
    {
        await _agent.StartAgainAsync();
        var inode = Files.TryStatus(_agent.PagePath, out _)!.Value.Inode;
        Assert.Equal(PageFlags.AgentConnected, Flags());
        await _agent.StopAsync();
        Assert.Equal(PageFlags.None, Flags());
        await _agent.StartAgainAsync();
        Assert.Equal((inode, PageFlags.AgentConnected), (Files.TryStatus(_agent.PagePath, out _)!.Value.Inode, Flags()));
    }

    [Fact]
    public async Task S02_A_state_file_that_makes_no_sense_is_a_bump_once_the_page_is_lost_too()
    {
        await _agent.StartAgainAsync();
        await _agent.StopAsync();
        LoseRuntimeDirectory();
        File.WriteAllText(_agent.StateFile, "garbage");
        await _agent.StartAgainAsync();
        var line = Assert.Single(await _agent.HistoryAsync());
        Assert.Equal((1u, "AgentStateLost"), (line.GetProperty("generation").GetUInt32(), line.GetProperty("cause").GetString()));
        Assert.Contains("unreadable-1", line.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task S02_A_disk_that_refuses_from_the_start_lets_nothing_out_that_a_reboot_would_repeat()
    {
        await _agent.StartAgainAsync();
        await _agent.ForceAsync(7);
        await _agent.StopAsync();

        // A directory under the temporary name: nothing can be stored, and what is stored says 'in good order at 7'.
        Directory.CreateDirectory(_agent.StateFile + ".new");
        await _agent.StartAgainAsync();
        var refusal = await _agent.ForceAsync();
        Assert.Equal("state-unwritable", refusal.GetProperty("error").GetString());
        var state = (await _agent.StatusAsync()).GetProperty("state");
        Assert.False(state.GetProperty("writable").GetBoolean());
        Assert.NotEmpty(state.GetProperty("message").GetString()!);

        Directory.Delete(_agent.StateFile + ".new");
        Assert.Equal(8u, (await _agent.ForceAsync()).GetProperty("generation").GetUInt32());
        Assert.True((await _agent.StatusAsync()).GetProperty("state").GetProperty("writable").GetBoolean());
    }

    [Fact]
    public async Task The_hook_finds_the_policy_beside_the_socket()
    {
        await _agent.StartAgainAsync();
        await _agent.StopAsync();
        Assert.Equal("""{"restoreFailurePolicy":"Fail","publishTimeoutMs":20000}""", File.ReadAllText(Path.Combine(_agent.RunDirectory, "node.policy")).Trim());
        Assert.Equal(0x1C0u, Files.TryStatus(Path.Combine(_agent.RunDirectory, "missed"), out _)!.Value.Permissions);
    }

    [Fact]
    public async Task A_second_agent_on_one_socket_is_refused_with_a_sentence_and_the_first_serves_on()
    {
        await _agent.StartAgainAsync();
        await using var second = AgentUnderTest.Create(options => options with { Socket = _agent.Socket });
        var failure = await Assert.ThrowsAsync<LinuxException>(second.StartAgainAsync);
        Assert.Contains($"another agent serves {_agent.Socket}; stop it first", failure.Message, StringComparison.Ordinal);
        Assert.True((await _agent.StatusAsync()).GetProperty("ok").GetBoolean());
        second.Forget();
    }

    [Fact]
    public async Task Something_else_in_the_place_of_the_socket_is_named_and_left_as_it_is()
    {
        Directory.CreateDirectory(_agent.RunDirectory);
        File.WriteAllText(_agent.Socket, "precious");
        var failure = await Assert.ThrowsAsync<LinuxException>(_agent.StartAgainAsync);
        Assert.Contains("something that is not a socket is there", failure.Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(_agent.Socket));
        _agent.Forget();
    }

    [Fact]
    public async Task Something_else_in_the_place_of_the_page_is_named_and_left_as_it_is()
    {
        Directory.CreateDirectory(_agent.RunDirectory);
        File.WriteAllText(_agent.PagePath, "precious");
        var failure = await Assert.ThrowsAsync<CounterPageException>(_agent.StartAgainAsync);
        Assert.Contains($"{_agent.PagePath} is not a counter page", failure.Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(_agent.PagePath));
        _agent.Forget();
    }

    private void LoseRuntimeDirectory() => Directory.Delete(_agent.RunDirectory, recursive: true);

    private PageFlags Flags()
    {
        using var page = CounterPageReader.Open(_agent.PagePath);
        return page.Read().Flags;
    }
}
