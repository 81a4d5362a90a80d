using SysGenId.Adversity.Tests.Harness;

namespace SysGenId.Adversity.Tests.State;

/// <summary>A counter page of the node that is not what the agent left, and a state that was.</summary>
public sealed class SpoiledPageTests
{
    private static readonly Guid _id = Guid.Parse("11111111-2222-4333-8444-555555555555");

    [Fact]
    public async Task S02_a_page_that_was_removed_makes_the_agent_go_on_above_the_ceiling()
    {
        await using var node = await NodeOnTrial.StartAsync();
        await node.ForceAsync();
        var ceiling = Ceiling(node);
        await node.KillAgentAsync();
        File.Delete(node.PagePath);

        await node.StartAgentAsync();

        Assert.Equal(ceiling + 1, node.Generation);
        Assert.Equal("AgentStateLost", (await node.StatusAsync()).GetProperty("cause").GetString());
        Assert.Equal(ceiling + 2, await node.ForceAsync());
    }

    [Fact]
    public async Task S02_after_a_power_loss_the_agent_goes_on_above_the_ceiling_each_time()
    {
        await using var node = await NodeOnTrial.StartAsync();
        var last = await node.ForceAsync(minimum: 100_000);

        for (var loss = 1; loss <= 3; loss++)
        {
            var ceiling = Ceiling(node);
            await node.LosePowerAsync();
            await node.StartAgentAsync();

            Assert.Equal(ceiling + 1, node.Generation);
            Assert.True(node.Generation > last);
            last = await node.ForceAsync();
        }
    }

    [Fact]
    public async Task S02_an_end_in_good_order_keeps_generation_and_name_exactly_also_over_a_reboot()
    {
        await using var node = await NodeOnTrial.StartAsync();
        await node.ForceAsync(minimum: 900);
        var (generation, id) = (node.Generation, node.Id);
        Assert.Equal(0, await node.Process.StopAsync());

        await node.StartAgentAsync();
        Assert.Equal((generation, id), (node.Generation, node.Id));
        Assert.Equal(0, await node.Process.StopAsync());
        Directory.Delete(node.RunDirectory, recursive: true);
        await node.StartAgentAsync();

        Assert.Equal((generation, id), (node.Generation, node.Id));
        Assert.Equal("Forced", (await node.StatusAsync()).GetProperty("cause").GetString());
    }

    [Fact]
    public async Task S02_after_kill_the_page_keeps_generation_and_name_exactly()
    {
        await using var node = await NodeOnTrial.StartAsync();
        await node.ForceAsync(minimum: 900);
        var (generation, id) = (node.Generation, node.Id);
        await node.KillAgentAsync();

        await node.StartAgentAsync();

        Assert.Equal((generation, id), (node.Generation, node.Id));
    }

    [Theory]
    [InlineData(700u, 700u, 701u)]
    [InlineData(701u, 700u, 702u)]
    [InlineData(4294967295u, 700u, 4294967295u)]
    public async Task S02_a_torn_page_may_have_shown_its_number_so_the_agent_goes_on_above_it(uint onPage, uint inState, uint expected)
    {
        await using var node = NodeOnTrial.Create();
        StoredState.WritePage(node, onPage, _id);
        StoredState.TearPage(node);
        StoredState.Write(node, StoredState.Text(inState, _id, isClean: true));

        await node.StartAgentAsync();

        Assert.Equal(expected, node.Generation);
        Assert.NotEqual(_id, node.Id);
        Assert.Equal("AgentStateLost", (await node.StatusAsync()).GetProperty("cause").GetString());
    }

    [Theory]
    [InlineData(true, 700u)]
    [InlineData(false, StoredState.Ceiling + 1)]
    public async Task S02_a_torn_page_below_the_state_does_not_hide_it(bool isClean, uint expected)
    {
        await using var node = NodeOnTrial.Create();
        StoredState.WritePage(node, 3, Guid.NewGuid());
        StoredState.TearPage(node);
        StoredState.Write(node, StoredState.Text(700, _id, isClean));

        await node.StartAgentAsync();

        Assert.Equal(expected, node.Generation);
    }

    [Fact]
    public async Task S02_a_page_below_the_state_is_somebody_elses()
    {
        await using var node = NodeOnTrial.Create();
        StoredState.WritePage(node, 3, Guid.NewGuid());
        StoredState.Write(node, StoredState.Text(700, _id, isClean: true));

        await node.StartAgentAsync();

        Assert.Equal((700u, _id), (node.Generation, node.Id));
    }

    [Fact]
    public async Task S02_a_history_that_names_the_pages_change_with_a_lower_number_is_not_followed()
    {
        await using var node = NodeOnTrial.Create();
        StoredState.WritePage(node, 700, _id);
        var line = $$"""[{ "generation": 3, "id": "{{_id}}", "cause": "Forced", "timeNs": 1, "outcome": "Published" }]""";
        StoredState.Write(node, StoredState.Text(600, Guid.NewGuid()).Replace("[]", line, StringComparison.Ordinal));

        await node.StartAgentAsync();

        Assert.Equal((700u, _id), (node.Generation, node.Id));
    }

    [Fact]
    public async Task A_page_that_was_made_and_never_written_is_no_page_yet()
    {
        await using var node = NodeOnTrial.Create();
        Directory.CreateDirectory(node.RunDirectory);
        await File.WriteAllBytesAsync(node.PagePath, new byte[4096], TestContext.Current.CancellationToken);
        StoredState.Write(node, StoredState.Text(700, _id));

        await node.StartAgentAsync();

        Assert.Equal(StoredState.Ceiling + 1, node.Generation);
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(100)]
    [InlineData(8192)]
    public async Task A_file_that_is_no_counter_page_is_left_alone_and_said_so(int length)
    {
        await using var node = NodeOnTrial.Create();
        var rubbish = Enumerable.Repeat((byte)0xA5, length).ToArray();
        Directory.CreateDirectory(node.RunDirectory);
        await File.WriteAllBytesAsync(node.PagePath, rubbish, TestContext.Current.CancellationToken);

        Assert.Equal(1, await node.FailToStartAgentAsync());

        Assert.Contains("is not a counter page", node.Log, StringComparison.Ordinal);
        Assert.Equal(rubbish, await File.ReadAllBytesAsync(node.PagePath, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_second_agent_on_a_socket_refuses_with_a_sentence_and_the_first_serves_on()
    {
        await using var node = await NodeOnTrial.StartAsync();
        await node.ForceAsync();

        var rival = await node.RunRivalAsync();

        Assert.Equal(1, rival.ExitCode);
        Assert.Contains($"another agent serves {node.Socket}; stop it first", rival.Output + rival.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", rival.Output + rival.Errors, StringComparison.Ordinal);
        Assert.Equal(2u, await node.ForceAsync());
    }

    private static uint Ceiling(NodeOnTrial node)
    {
        using var state = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(node.StateFile));
        return state.RootElement.GetProperty("ceiling").GetUInt32();
    }
}
