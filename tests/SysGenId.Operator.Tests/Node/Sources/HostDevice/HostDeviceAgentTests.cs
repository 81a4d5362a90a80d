using SysGenId.Operator.Node.Sources;
using SysGenId.Operator.Tests.Agents;
using SysGenId.Operator.Tests.Node.Sources.VmClock;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Node.Sources.HostDevice;

/// <summary>An agent over a character device whose driver is the test.</summary>
public sealed class HostDeviceAgentTests : IDisposable
{
    private readonly PseudoDevice _device = new();

    public void Dispose() => _device.Dispose();

    [Fact]
    public async Task A_bump_of_the_machine_raises_the_node_to_its_number_at_least()
    {
        await using var agent = await StartAsync();
        _device.Bump(41);
        Assert.Equal(41u, await _device.AckAsync());
        Assert.Equal(41u, agent.Generation);
        _device.Bump(42);
        Assert.Equal(42u, await _device.AckAsync());
        Assert.Equal(42u, agent.Generation);
    }

    [Fact]
    public async Task A_number_that_the_node_has_passed_bumps_it_by_one()
    {
        await using var agent = await StartAsync();
        await agent.ForceAsync(100);
        _device.Bump(1);
        Assert.Equal(1u, await _device.AckAsync());
        Assert.Equal(101u, agent.Generation);
        var change = (await agent.HistoryAsync())[^1];
        Assert.Equal("VirtualMachineRestored", change.GetProperty("cause").GetString());
        Assert.Equal([SourceNames.Device], change.GetProperty("sources").EnumerateArray().Select(source => source.GetString()));
    }

    [Fact]
    public async Task The_machine_is_told_once_every_sidecar_shows_the_generation_and_not_before()
    {
        await using var agent = await StartAsync();
        using var sidecar = await FakeSidecar.RegisterAsync(agent, "pod");
        using var slow = await FakeSidecar.RegisterAsync(agent, "slow");
        await sidecar.PublishNextAsync();
        await slow.PublishNextAsync();
        _device.Bump(5);
        await sidecar.PublishNextAsync();
        var change = await slow.NextAsync("generation");
        await sidecar.HasHeardNothingAsync();
        Assert.False(_device.HasAck());
        await slow.PublishedAsync(change);
        Assert.Equal(5u, await _device.AckAsync());
    }

    [Fact]
    public async Task Two_sources_that_notice_one_restore_are_one_bump_with_both_names()
    {
        using var directory = new TemporaryDirectory();
        using var machine = new FakeHypervisor(directory.File("vmclock0"));
        await using var agent = await AgentUnderTest.StartAsync(options => options with
        {
            Sources = AgentUnderTest.NoSources with { Device = _device.Path, VmClock = machine.Path, VmClockInterval = TimeSpan.FromMilliseconds(100) },
        });
        await agent.ForceAsync(100);
        machine.Restore();
        _device.Bump(1);
        Assert.Equal(1u, await _device.AckAsync());
        await Eventually.HoldsAsync(async () => (await agent.HistoryAsync())[^1].GetProperty("sources").GetArrayLength() == 2);
        Assert.Equal(101u, agent.Generation);
        Assert.Equal(
            [SourceNames.Device, SourceNames.VmClock],
            (await agent.HistoryAsync())[^1].GetProperty("sources").EnumerateArray().Select(source => source.GetString()).Order());

        // The next one is another.
        machine.Restore();
        _device.Bump(2);
        Assert.Equal(2u, await _device.AckAsync());
        await Eventually.HoldsAsync(async () => (await agent.HistoryAsync())[^1].GetProperty("sources").GetArrayLength() == 2);
        Assert.Equal(102u, agent.Generation);
    }

    private Task<AgentUnderTest> StartAsync() => AgentUnderTest.StartAsync(options => options with
    {
        Sources = AgentUnderTest.NoSources with { Device = _device.Path },
    });
}
