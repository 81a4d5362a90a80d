using SysGenId.Cluster.Tests.Harness;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;
using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Node;

/// <summary>Machines that were set back, and machines that are two under one name, as their object shows them.</summary>
public sealed class AgentLineageTests(FaultyClusterFixture fixture) : IClassFixture<FaultyClusterFixture>, IAsyncLifetime
{
    private TestCluster Cluster => fixture.Cluster;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result != TestResult.Skipped) await Cluster.Faults.ClearAsync();
    }

    [Fact]
    public async Task S02_a_running_agent_whose_machine_was_set_back_goes_above_its_own_future_and_says_so()
    {
        await using var agent = await StartAsync("set-back");
        await agent.ForceAsync(40);
        await agent.ReportsAsync(40);

        var future = await ReportForeignAsync(agent, 900);

        var present = await agent.ReportsAsync(901);
        Assert.Equal((901u, "AgentStateLost"), (agent.Generation, present.Status!.LastChange!.Cause));
        var condition = present.Condition(ConditionTypes.NodeUnique)!;
        Assert.Equal(("False", "AnotherLineage"), (condition.Status, condition.Reason));
        Assert.Contains($"generation 900 ({future})", condition.Message, StringComparison.Ordinal);
        Assert.Equal(("Warning", condition.Message), await EventAsync(agent, "Node"));
        Assert.Equal(("Warning", condition.Message), await EventAsync(agent, "SystemGeneration"));
        await KnowsThatItIsAsync(agent, isUnique: false);

        // Alone it reports as ever, and at once.
        await agent.ForceAsync();
        await agent.ReportsAsync(902);
        await agent.PatchAsync("""{"spec":{"minimumGeneration":1000}}""");
        await agent.ReportsAsync(1000);
    }

    [Fact]
    public async Task S02_a_running_agent_whose_watch_has_not_shown_it_its_own_future_does_not_write_over_that()
    {
        await using var agent = await StartAsync("set-back-deaf");
        await agent.ForceAsync(40);
        await agent.ReportsAsync(40);
        await Cluster.Faults.AddAsync(new FaultRule { Verb = "watch", Resource = "systemgenerations", Status = 503, Count = -1 });
        await Cluster.Faults.DropWatchesAsync();
        await ReportForeignAsync(agent, 900);

        await agent.ForceAsync();

        var present = await agent.ObjectAsync(present => present.Status?.Generation is not 900, "it reports again");
        Assert.Equal((901, "False"), (present.Status!.Generation, present.Condition(ConditionTypes.NodeUnique)!.Status));
        Assert.Equal(901u, agent.Generation);
    }

    [Fact]
    public async Task S02_a_number_of_another_lineage_that_is_lower_raises_the_condition_and_moves_nothing()
    {
        await using var agent = await StartAsync("lower");
        await agent.ForceAsync(40);
        await agent.ReportsAsync(40);
        await ReportForeignAsync(agent, 12);
        var present = await agent.ReportsAsync(40);
        Assert.Equal(("False", 40u), (present.Condition(ConditionTypes.NodeUnique)!.Status, agent.Generation));
    }

    [Fact]
    public async Task S02_a_state_file_that_is_put_back_under_a_running_agent_is_overwritten_and_no_number_comes_twice()
    {
        await using var agent = await StartAsync("file-put-back");
        await agent.ForceAsync(40);
        var copy = CopyOf(agent.StateDirectory);
        await agent.ForceAsync(200_000);
        await agent.ReportsAsync(200_000);

        PutBack(copy, agent.StateDirectory);
        Assert.Equal(200_001u, await agent.ForceAsync());
        await agent.Process.StopAsync();
        await agent.StartAgainAsync();
        Assert.Equal(200_001u, agent.Generation);

        // And while no agent runs: the page of this boot is above the file's ceiling.
        await agent.Process.KillAsync();
        PutBack(copy, agent.StateDirectory);
        await agent.StartAgainAsync();
        Assert.Equal(200_001u, agent.Generation);
        Assert.Equal(200_002u, await agent.ForceAsync());
        Assert.Equal("True", (await agent.ReportsAsync(200_002)).Condition(ConditionTypes.NodeUnique)!.Status);
    }

    [Theory]
    [InlineData("all")]
    [InlineData("file")]
    public async Task S02_an_agent_that_starts_on_a_disk_that_was_set_back_goes_above_what_its_object_says(string what)
    {
        await using var agent = await StartAsync($"disk-set-back-{what}");
        await agent.ForceAsync(40);
        await agent.Process.StopAsync();
        var (state, run) = (CopyOf(agent.StateDirectory), CopyOf(agent.RunDirectory));
        await agent.StartAgainAsync();
        await agent.ForceAsync(900);
        await agent.ReportsAsync(900);
        await agent.Process.KillAsync();

        PutBack(state, agent.StateDirectory);
        if (what == "all") PutBack(run, agent.RunDirectory);
        else Directory.Delete(agent.RunDirectory, recursive: true);
        await agent.StartAgainAsync();

        var present = await agent.ReportsAsync(901);
        Assert.Equal((901u, "AgentStateLost"), (agent.Generation, present.Status!.LastChange!.Cause));
        Assert.Equal("True", present.Condition(ConditionTypes.NodeUnique)!.Status);
        Assert.Equal(902u, await agent.ForceAsync());
    }

    [Fact]
    public async Task S02_S24_two_agents_of_one_name_both_say_so_and_do_not_fight()
    {
        await using var one = await StartAsync("twins");
        await one.ForceAsync(40);
        await one.ReportsAsync(40);

        await using var other = await StartAsync("twins");

        foreach (var agent in new[] { one, other }) await KnowsThatItIsAsync(agent, isUnique: false);
        Assert.Equal("AnotherLineage", (await one.ObjectAsync())!.Condition(ConditionTypes.NodeUnique)!.Reason);
        Assert.Equal("Warning", (await EventAsync(one, "Node")).Type);

        // Each goes past the other at most once, now or a moment later; from there on only the words change hands.
        var (numbers, writes) = ((one.Generation, other.Generation), Writes(one.Name));
        var started = TimeProvider.System.GetTimestamp();
        await Eventually.HoldsAsync(() => TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(12));
        var written = Writes(one.Name) - writes;
        TestContext.Current.TestOutputHelper?.WriteLine($"{numbers}, {written} writes in 12 s");
        Assert.InRange(one.Generation, 40u, 43u);
        Assert.InRange(other.Generation, 41u, 43u);
        Assert.NotEqual(one.Generation, other.Generation);
        Assert.InRange(written, 0, 10);

        // What happens on either is still reported, and reaches no number of the other.
        await one.ForceAsync(5_000);
        await one.ReportsAsync(5_000, TimeSpan.FromSeconds(40));
        Assert.InRange(other.Generation, 41u, 43u);
    }

    [Fact]
    public async Task S24_a_clone_that_has_not_moved_yet_shares_a_name_with_its_original_until_their_reports_part()
    {
        await using var one = await StartAsync("golden");
        await one.ForceAsync(40);
        var first = await one.ReportsAsync(40);
        await one.Process.StopAsync();
        await using var other = await AgentOnCluster.StartCloneAsync(Cluster, one);
        await one.StartAgainAsync();
        Assert.Equal((40u, 40u), (one.Generation, other.Generation));
        foreach (var agent in new[] { one, other }) await KnowsThatItIsAsync(agent, isUnique: true);

        await one.ForceAsync();

        foreach (var agent in new[] { one, other }) await KnowsThatItIsAsync(agent, isUnique: false);
        await Eventually.HoldsAsync(() => (one.Generation, other.Generation) == (43u, 42u), what: "each has gone past the other, once");
        Assert.NotEqual(first.Status!.GenerationId, (await one.ObjectAsync())!.Status!.GenerationId);
    }

    [Fact]
    public async Task S24_a_clone_that_insists_on_words_of_its_own_under_the_name_they_share_is_gone_past()
    {
        await using var agent = await StartAsync("insists");
        await agent.ForceAsync(40);
        var before = await agent.ReportsAsync(40);
        for (var time = 1; time <= 3; time++)
        {
            Assert.Equal(40u, agent.Generation);
            await agent.ObjectAsync(present => present.Status is { Watchers: 0 }, "it is put right");
            before.Status!.Watchers = 3;
            await ReportAsync(agent, before.Status);
        }

        var present = await agent.ReportsAsync(41);
        Assert.Equal("AnotherLineage", present.Condition(ConditionTypes.NodeUnique)!.Reason);
    }

    [Fact]
    public async Task S02_when_one_of_two_ends_the_other_heals_and_goes_above_all_that_was_shown()
    {
        const string Name = "widowed";
        await using var survivor = await ImpatientAgent.StartAsync(Cluster, Name);
        await survivor.ForceAsync(40);
        await Eventually.HoldsAsync(() => survivor.IsNodeUnique == true);
        var other = await ImpatientAgent.StartAsync(Cluster, Name);
        await Eventually.HoldsAsync(() => other.IsNodeUnique == false && survivor.IsNodeUnique == false, what: "both know");
        await other.ForceAsync(700);
        await Eventually.HoldsAsync(async () => await GenerationShownAsync(Name) == 700, what: "the other reports on");

        // As long as both are there neither takes the other for gone.
        var started = TimeProvider.System.GetTimestamp();
        await Eventually.HoldsAsync(() =>
        {
            Assert.Equal((false, false), (other.IsNodeUnique, survivor.IsNodeUnique));
            return TimeProvider.System.GetElapsedTime(started) > ImpatientAgent.Hurried.Quiet * 1.5;
        });
        Assert.InRange(survivor.Generation, 40u, 50u);
        await other.DisposeAsync();

        await Eventually.HoldsAsync(() => survivor.IsNodeUnique == true, what: "the survivor is alone");
        Assert.Equal(701u, survivor.Generation);
        await Eventually.HoldsAsync(async () => await GenerationShownAsync(Name) == 701 && await ConditionAsync(Name) == "True OneLineage");
    }

    [Fact]
    public async Task An_agent_that_starts_again_says_what_its_predecessor_said()
    {
        await using var agent = await StartAsync("restarted");
        await agent.ForceAsync(40);
        await agent.ReportsAsync(40);
        await ReportForeignAsync(agent, 900);
        var before = (await agent.ReportsAsync(901)).Condition(ConditionTypes.NodeUnique)!;

        await agent.Process.StopAsync();
        await agent.StartAgainAsync();
        await agent.ForceAsync();

        var after = (await agent.ReportsAsync(902)).Condition(ConditionTypes.NodeUnique)!;
        Assert.Equal(("False", before.Message, before.LastTransitionTime), (after.Status, after.Message, after.LastTransitionTime));
    }

    private Task<SystemGeneration> ReadAsync(string name) => Cluster.Admin.SendAsync<SystemGeneration>(
        HttpMethod.Get, ResourceAddress.Object<SystemGeneration>(null, name), null, TestContext.Current.CancellationToken);

    private async Task<long> GenerationShownAsync(string name) => (await ReadAsync(name)).Status?.Generation ?? -1;

    private async Task<string> ConditionAsync(string name) =>
        (await ReadAsync(name)).Condition(ConditionTypes.NodeUnique) is { } condition ? $"{condition.Status} {condition.Reason}" : "none";

    private Task<AgentOnCluster> StartAsync(string name) => AgentOnCluster.StartAsync(Cluster, name);

    /// <summary>What the agent of a machine would write that is ahead of, or beside, the one under test.</summary>
    private async Task<Guid> ReportForeignAsync(AgentOnCluster agent, long generation)
    {
        var present = (await agent.ObjectAsync())!;
        var id = Guid.NewGuid();
        (present.Status!.Generation, present.Status.GenerationId) = (generation, id.ToString());
        await ReportAsync(agent, present.Status);
        return id;
    }

    private Task<SystemGeneration> ReportAsync(AgentOnCluster agent, SystemGenerationStatus status) => Cluster.Admin.ApplyStatusAsync(
        new SystemGeneration { Metadata = new() { Name = agent.Name }, Status = status }, ApiNames.AgentManager, TestContext.Current.CancellationToken);

    private static Task KnowsThatItIsAsync(AgentOnCluster agent, bool isUnique) => Eventually.HoldsAsync(
        async () => (await agent.MetricsAsync()).Contains($"\nsysgenid_node_unique {(isUnique ? 1 : 0)}\n", StringComparison.Ordinal), what: $"the agent says whether it is alone: {isUnique}");

    private static async Task<(string Type, string Message)> EventAsync(AgentOnCluster agent, string kind)
    {
        var told = await agent.EventAsync("AnotherLineage", kind, agent.Name);
        return (told.Type, told.Message);
    }

    private int Writes(string name) => Cluster.Audit.Entries.Count(entry => entry.IsWrite && entry.Name == name && entry.Resource == "systemgenerations");

    // But for a file that an agent is about to put in another's place: it may be gone before it is read.
    private static Dictionary<string, byte[]> CopyOf(string directory) =>
        Directory.EnumerateFiles(directory).Where(path => !path.EndsWith(".new", StringComparison.Ordinal) && new FileInfo(path).Length > 0)
            .ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);

    private static void PutBack(Dictionary<string, byte[]> copy, string directory)
    {
        foreach (var (name, bytes) in copy) File.WriteAllBytes(Path.Combine(directory, name), bytes);
    }
}
