using SysGenId.Core.Generations;
using SysGenId.Core.Protocol;
using SysGenId.Operator.Node;
using SysGenId.Operator.Node.Ports;
using SysGenId.Operator.Tests.Agents;
using SysGenId.Operator.Tests.Node.Reporting;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Node.Ports;

/// <summary>How the rest of the process looks at a running agent and tells it what is asked.</summary>
public sealed class NodePortTests
{
    [Fact]
    public async Task A_minimum_raises_the_node_its_pages_and_its_sidecars_and_one_that_is_reached_moves_nothing()
    {
        await using var agent = await StartAsync();
        using var sidecar = await FakeSidecar.RegisterAsync(agent, "pod");
        await sidecar.PublishNextAsync();

        Assert.Null(await ApplyAsync(agent, new NodeSpec { MinimumGeneration = 50 }));
        Assert.Equal(50u, agent.Generation);
        Assert.Equal(50u, (await sidecar.PublishNextAsync()).GetProperty("generation").GetUInt32());
        Assert.Null(await ApplyAsync(agent, new NodeSpec { MinimumGeneration = 50 }));
        Assert.Null(await ApplyAsync(agent, new NodeSpec { MinimumGeneration = 20 }));

        var node = await LookAsync(agent);
        Assert.Equal((50u, GenerationCause.MinimumRaised), (node.Current.Generation, node.Current.Cause));
    }

    [Fact]
    public async Task S02_a_minimum_that_cannot_be_reached_is_told_and_nothing_wraps()
    {
        await using var agent = await StartAsync();
        Assert.Null(await ApplyAsync(agent, new NodeSpec { MinimumGeneration = uint.MaxValue }));
        Assert.Contains("is the last", await GoAboveAsync(agent, uint.MaxValue, Guid.NewGuid()), StringComparison.Ordinal);
        Assert.Equal(uint.MaxValue, agent.Generation);
        var report = await agent.Surroundings.Port.ReportAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["MinimumRaised", "GenerationExhausted"], report.Occurrences.Select(occurrence => occurrence.Reason));
    }

    [Theory]
    [InlineData(10u, 5u, false, 10u)]
    [InlineData(10u, 10u, false, 10u)]
    [InlineData(10u, 10u, true, 11u)]
    [InlineData(10u, 900u, true, 901u)]
    [InlineData(0u, 0u, true, 0u)]
    public async Task S02_a_node_goes_above_what_its_object_remembers_only_where_it_is_behind(uint own, uint known, bool isAnother, uint expected)
    {
        await using var agent = await StartAsync();
        if (own > 0) await agent.ForceAsync(own);
        var name = isAnother ? Guid.NewGuid() : (await LookAsync(agent)).Current.Id;
        Assert.Null(await GoAboveAsync(agent, known, name));
        Assert.Equal(expected, agent.Generation);
        if (expected > own) Assert.Equal(GenerationCause.AgentStateLost, (await LookAsync(agent)).Current.Cause);
    }

    [Theory]
    [InlineData(10u, 9u, 10u)]
    [InlineData(10u, 10u, 11u)]
    [InlineData(10u, 900u, 901u)]
    public async Task S02_a_node_goes_past_what_another_lineage_of_it_has_reached_and_never_shares_a_number_with_it(uint own, uint reached, uint expected)
    {
        await using var agent = await StartAsync();
        await agent.ForceAsync(own);
        Assert.Null(await agent.Surroundings.Port.GoPastAsync(reached, TestContext.Current.CancellationToken));
        Assert.Equal(expected, agent.Generation);
        if (expected > own) Assert.Equal($"Another lineage of this node has reached {reached}", (await LookAsync(agent)).Current.Message);
    }

    [Fact]
    public async Task S24_a_node_knows_the_names_of_its_generations_and_no_other()
    {
        await using var agent = await StartAsync();
        await agent.ForceAsync(5);
        var name = (await LookAsync(agent)).Current.Id;
        await agent.ForceAsync(6);
        Assert.True(await agent.Surroundings.Port.KnowsAsync(name, TestContext.Current.CancellationToken));
        Assert.True(await agent.Surroundings.Port.KnowsAsync((await LookAsync(agent)).Current.Id, TestContext.Current.CancellationToken));
        Assert.False(await agent.Surroundings.Port.KnowsAsync(Guid.NewGuid(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Settings_are_in_force_at_once_also_for_the_hook_and_go_back_when_they_are_not_asked_for_any_more()
    {
        await using var agent = await StartAsync();
        Assert.Null(await ApplyAsync(agent, new NodeSpec
        {
            RestoreScope = RestoreScope.Pod,
            RestoreFailurePolicy = RestoreFailurePolicy.Ignore,
            PublishTimeout = TimeSpan.FromMilliseconds(300),
        }));
        Assert.Equal("Pod Ignore 300", await SettingsAsync(agent));
        Assert.Equal(new NodePolicy(RestoreFailurePolicy.Ignore, TimeSpan.FromMilliseconds(300)), Policy(agent));

        Assert.Null(await ApplyAsync(agent, new NodeSpec()));
        Assert.Equal("Node Fail 20000", await SettingsAsync(agent));
        Assert.Equal(new NodePolicy(RestoreFailurePolicy.Fail, TimeSpan.FromSeconds(20)), Policy(agent));
    }

    [Fact]
    public async Task A_change_is_told_once_until_a_report_is_taken()
    {
        await using var agent = await StartAsync();
        var port = agent.Surroundings.Port;
        await Eventually.HoldsAsync(async () => (await LookAsync(agent)).IsGateSettled);
        var told = 0;
        port.Changed += () => Interlocked.Increment(ref told);
        await port.ReportAsync(TestContext.Current.CancellationToken);

        for (var bump = 0; bump < 20; bump++) await agent.ForceAsync();
        await Eventually.HoldsAsync(() => Volatile.Read(ref told) == 1);
        for (var bump = 0; bump < 20; bump++) await agent.ForceAsync();
        await LookAsync(agent);
        Assert.Equal(1, Volatile.Read(ref told));

        var report = await port.ReportAsync(TestContext.Current.CancellationToken);
        Assert.Equal((40u, 40), (report.Node.Current.Generation, report.Occurrences.Count));
        await agent.ForceAsync();
        await Eventually.HoldsAsync(() => Volatile.Read(ref told) == 2);
    }

    [Fact]
    public async Task S02_an_agent_that_knows_nothing_of_its_node_asks_elsewhere_before_it_shows_a_number()
    {
        await using var agent = AgentUnderTest.Create();
        agent.Surroundings = new NodeSurroundings { KnownElsewhere = () => 900 };
        await agent.StartAgainAsync();
        Assert.Equal(901u, agent.Generation);
        var report = await agent.Surroundings.Port.ReportAsync(TestContext.Current.CancellationToken);
        Assert.Contains(report.Occurrences, occurrence => occurrence is { Reason: "AgentStateLost", IsWarning: true });

        // One that does know asks nobody.
        await agent.StopAsync();
        agent.Surroundings = new NodeSurroundings { KnownElsewhere = () => throw new InvalidOperationException("asked all the same") };
        await agent.StartAgainAsync();
        Assert.Equal(901u, agent.Generation);
    }

    [Fact]
    public async Task Questions_to_an_agent_that_has_ended_are_cancelled_and_hang_nobody()
    {
        await using var agent = await StartAsync();
        var port = agent.Surroundings.Port;
        await agent.StopAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => port.LookAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new NodePort().LookAsync(new CancellationToken(canceled: true)));
        agent.Surroundings = NodeSurroundings.Standalone;
        await agent.StartAgainAsync();
    }

    [Fact]
    public async Task Gauges_count_watchers_by_the_namespace_of_their_pod()
    {
        await using var agent = await StartAsync();
        using var sidecar = await FakeSidecar.RegisterAsync(agent, "pod");
        await sidecar.PublishNextAsync(watchers: 3, outdated: 1);
        var gauges = new NodeReadings(agent.Surroundings.Port, new FixedPodNames());
        await Eventually.HoldsAsync(async () => (await gauges.ReadAsync()).Watchers.GetValueOrDefault("") is { Watchers: 3, Outdated: 1 });
        var read = await gauges.ReadAsync();
        Assert.Equal((0u, 1, false, true, true), (read.Generation, read.Sidecars, read.IsGateProven, read.IsStateWritable, read.IsStateStored));
    }

    private static async Task<AgentUnderTest> StartAsync()
    {
        var agent = AgentUnderTest.Create();
        agent.Surroundings = new NodeSurroundings();
        await agent.StartAgainAsync();
        return agent;
    }

    private static Task<NodeSnapshot> LookAsync(AgentUnderTest agent) => agent.Surroundings.Port.LookAsync(TestContext.Current.CancellationToken);

    private static Task<string?> ApplyAsync(AgentUnderTest agent, NodeSpec spec) => agent.Surroundings.Port.ApplyAsync(spec, TestContext.Current.CancellationToken);

    private static Task<string?> GoAboveAsync(AgentUnderTest agent, uint known, Guid name) =>
        agent.Surroundings.Port.GoAboveAsync(known, name, TestContext.Current.CancellationToken);

    private static NodePolicy Policy(AgentUnderTest agent) => NodePolicy.Parse(File.ReadAllBytes(Path.Combine(agent.RunDirectory, "node.policy")));

    private static async Task<string> SettingsAsync(AgentUnderTest agent)
    {
        var status = await agent.StatusAsync();
        return $"{status.GetProperty("restoreScope")} {status.GetProperty("restoreFailurePolicy")} {status.GetProperty("publishTimeoutMs")}";
    }
}
