using System.Text.Json;
using SysGenId.Operator.Node.Sources;
using SysGenId.Operator.Node.Sources.VmClock;
using SysGenId.Operator.Tests.Agents;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Node.Sources.VmClock;

/// <summary>An agent over a page that a test writes as a hypervisor does.</summary>
public sealed class VmClockAgentTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeHypervisor _machine;

    public VmClockAgentTests() => _machine = new FakeHypervisor(_directory.File("vmclock0"));

    public void Dispose()
    {
        _machine.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task S24_A_restore_of_the_machine_bumps_under_a_new_name_and_every_sidecar_is_told()
    {
        await using var agent = await StartAsync();
        await agent.ForceAsync();
        var before = Assert.Single(await agent.HistoryAsync());
        using var sidecar = await FakeSidecar.RegisterAsync(agent, "pod");
        await sidecar.PublishNextAsync();

        _machine.Restore();
        var told = await sidecar.PublishNextAsync();
        Assert.Equal((2u, 2u), (told.GetProperty("generation").GetUInt32(), agent.Generation));
        var change = (await agent.HistoryAsync())[^1];
        Assert.Equal("VirtualMachineRestored", change.GetProperty("cause").GetString());
        Assert.Equal([SourceNames.VmClock], Sources(change));
        Assert.Equal("its generation counter went from 0 to 1", change.GetProperty("message").GetString());
        Assert.NotEqual(before.GetProperty("id").GetGuid(), change.GetProperty("id").GetGuid());
        Assert.Equal(told.GetProperty("id").GetGuid(), change.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task A_live_migration_is_recorded_and_bumps_nothing()
    {
        await using var agent = await StartAsync();
        _machine.Migrate();
        await Eventually.HoldsAsync(async () => (await agent.HistoryAsync()).Count == 1);
        var line = Assert.Single(await agent.HistoryAsync());
        Assert.Equal(("recorded", 0u), (line.GetProperty("outcome").GetString(), line.GetProperty("generation").GetUInt32()));
        Assert.Equal([SourceNames.VmClock], Sources(line));
        Assert.Equal(0u, agent.Generation);
    }

    [Fact]
    public async Task A_live_migration_bumps_where_the_agent_was_told_so()
    {
        await using var agent = await StartAsync(sources => sources with { BumpsOnDisruption = true });
        _machine.Migrate();
        await Eventually.HoldsAsync(() => agent.Generation == 1);
    }

    [Fact]
    public async Task What_happened_while_no_agent_ran_bumps_once()
    {
        await using var agent = await StartAsync();
        _machine.Restore();
        await Eventually.HoldsAsync(() => agent.Generation == 1);
        await agent.StopAsync();
        _machine.Restore();
        _machine.Restore();
        await agent.StartAgainAsync();
        Assert.Equal(2u, agent.Generation);
        Assert.Equal("its generation counter went from 1 to 3 while no agent ran", (await agent.HistoryAsync())[^1].GetProperty("message").GetString());
        await agent.StopAsync();
        await agent.StartAgainAsync();
        Assert.Equal(2u, agent.Generation);
    }

    [Fact]
    public async Task Where_the_page_is_followed_from_is_stored_before_anything_happens()
    {
        _machine.Update(generation: 17, disruption: 23);
        await using var agent = await StartAsync();
        await Eventually.HoldsAsync(() => File.ReadAllText(agent.StateFile).Contains(VmClockSource.DisruptionMark, StringComparison.Ordinal));
        using var state = JsonDocument.Parse(await File.ReadAllTextAsync(agent.StateFile, TestContext.Current.CancellationToken));
        var marks = state.RootElement.GetProperty("sourceMarks");
        Assert.Equal((17, 23), (marks.GetProperty(SourceNames.VmClock).GetInt32(), marks.GetProperty(VmClockSource.DisruptionMark).GetInt32()));
        Assert.Equal(0u, agent.Generation);
    }

    [Fact]
    public async Task Status_says_that_it_is_active_and_how()
    {
        await using var agent = await StartAsync();
        var source = (await agent.StatusAsync()).GetProperty("sources").EnumerateArray().Single(source => source.GetProperty("name").GetString() == SourceNames.VmClock);
        Assert.True(source.GetProperty("active").GetBoolean());
        Assert.Equal($"{_machine.Path}, looked at every 0.1 s, counts the restores of this machine", source.GetProperty("message").GetString());
    }

    private Task<AgentUnderTest> StartAsync(Func<SourceOptions, SourceOptions>? configure = null)
    {
        var sources = AgentUnderTest.NoSources with { VmClock = _machine.Path, VmClockInterval = TimeSpan.FromMilliseconds(100) };
        return AgentUnderTest.StartAsync(options => options with { Sources = configure is null ? sources : configure(sources) });
    }

    private static IEnumerable<string?> Sources(JsonElement change) => change.GetProperty("sources").EnumerateArray().Select(source => source.GetString());
}
