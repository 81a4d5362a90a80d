using System.Text.Json;
using SysGenId.Core.Protocol;
using SysGenId.Operator.Tests.Agents;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Node.Checkpoints;

/// <summary>S25: what the hook did without the agent is in history when the agent is back, and caught up with.</summary>
public sealed class MissedRestoresTests : IAsyncLifetime
{
    private const string Pod = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";

    private readonly AgentUnderTest _agent = AgentUnderTest.Create();

    public async ValueTask InitializeAsync()
    {
        Requires.Root();
        await _agent.StartAgainAsync();
        await _agent.StopAsync();
    }

    public ValueTask DisposeAsync() => _agent.DisposeAsync();

    [Fact]
    public async Task S21_S25_A_restore_that_was_let_through_is_caught_up_with_above_its_record()
    {
        Leave("1.json", new MissedRestore
        {
            IsRefused = false,
            Reason = "nobody serves there",
            Cgroups = $"0::/kubepods/pod{Pod}/app\n",
            Record = new CheckpointRecord { Generation = 899 },
        });
        await _agent.StartAgainAsync();

        Assert.Equal(900u, _agent.Generation);
        var line = Assert.Single(await _agent.HistoryAsync());
        Assert.Equal(
            ("missed", "ContainerRestored", "nobody serves there", Pod, "app"),
            (Text(line, "outcome"), Text(line, "cause"), Text(line, "message"), Text(line, "pod"), Text(line, "container")));
        Assert.Empty(Left);
        using var sidecar = await FakeSidecar.RegisterAsync(_agent, "pod");
        Assert.Equal(900u, (await sidecar.NextAsync("generation")).GetProperty("generation").GetUInt32());
    }

    [Fact]
    public async Task S25_A_restore_that_was_refused_is_in_history_and_moves_nothing()
    {
        Leave("1.json", new MissedRestore { IsRefused = true, Reason = "nobody serves there", Record = new CheckpointRecord { Generation = 899, Container = "app", PodUid = Pod } });
        await _agent.StartAgainAsync();
        var line = Assert.Single(await _agent.HistoryAsync());
        Assert.Equal(("refused", Pod, "app"), (Text(line, "outcome"), Text(line, "pod"), Text(line, "container")));
        Assert.Equal(0u, _agent.Generation);
        Assert.Empty(Left);
    }

    [Fact]
    public async Task S24_Each_missed_restore_is_a_bump_of_its_own_in_their_order()
    {
        for (var number = 1; number <= 3; number++) Leave($"{number}.json", new MissedRestore { IsRefused = false, Reason = $"reason {number}" });
        await _agent.StartAgainAsync();
        var history = await _agent.HistoryAsync();
        Assert.Equal(["reason 1", "reason 2", "reason 3"], history.Select(line => Text(line, "message")));
        Assert.Equal(3, history.Select(line => Text(line, "id")).Distinct().Count());
        Assert.Equal(3u, _agent.Generation);
    }

    [Fact]
    public async Task S28_A_record_far_ahead_does_not_raise_the_node()
    {
        Leave("1.json", new MissedRestore { IsRefused = false, Record = new CheckpointRecord { Generation = uint.MaxValue } });
        Leave("2.json", new MissedRestore { IsRefused = false, Record = new CheckpointRecord { Generation = uint.MaxValue - 1 } });
        await _agent.StartAgainAsync();
        Assert.Equal(2u, _agent.Generation);
    }

    [Fact]
    public async Task What_makes_no_sense_is_removed_and_one_that_is_being_written_is_left()
    {
        Plant("garbage", "garbage");
        Plant("empty.json", "");
        Plant("large.json", new string(' ', (64 * 1024) + 1));
        Plant(".3.json.new", "{");
        File.CreateSymbolicLink(InMissed("link.json"), _agent.StateFile);
        await _agent.StartAgainAsync();
        Assert.Equal([InMissed(".3.json.new")], Left);
        Assert.True(File.Exists(_agent.StateFile));
        Assert.Equal(0u, _agent.Generation);
    }

    [Fact]
    public async Task S25_An_agent_that_was_only_held_up_catches_up_as_soon_as_the_hook_has_left_its_file()
    {
        await _agent.StartAgainAsync();
        using var sidecar = await FakeSidecar.RegisterAsync(_agent, "pod");
        await sidecar.PublishNextAsync();

        // As the hook does: whole, under its name, in one step.
        Leave(".1.json.new", new MissedRestore { IsRefused = false, Reason = "it did not answer in time" });
        File.Move(InMissed(".1.json.new"), InMissed("1.json"));
        Assert.Equal(1u, (await sidecar.NextAsync("generation")).GetProperty("generation").GetUInt32());
        Assert.Equal("missed", Text(Assert.Single(await _agent.HistoryAsync()), "outcome"));
        await Eventually.HoldsAsync(() => Left.Length == 0);
    }

    [Fact]
    public async Task S02_A_restore_that_cannot_be_caught_up_with_is_kept_for_later()
    {
        await _agent.StartAgainAsync();
        await _agent.ForceAsync(uint.MaxValue);
        await _agent.StopAsync();
        Leave("1.json", new MissedRestore { IsRefused = false });
        await _agent.StartAgainAsync();
        Assert.Equal([InMissed("1.json")], Left);
        Assert.Single(await _agent.HistoryAsync());
    }

    private string[] Left => Directory.GetFiles(Path.Combine(_agent.RunDirectory, "missed"));

    private string InMissed(string name) => Path.Combine(_agent.RunDirectory, "missed", name);

    private void Leave(string name, MissedRestore missed) => File.WriteAllBytes(InMissed(name), missed.ToJson());

    private void Plant(string name, string content) => File.WriteAllText(InMissed(name), content);

    private static string? Text(JsonElement line, string field) => line.GetProperty(field).GetString();
}
