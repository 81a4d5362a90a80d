using System.Diagnostics;
using SysGenId.Adversity.Tests.Harness;
using SysGenId.TestSupport;

namespace SysGenId.Adversity.Tests.State;

/// <summary>A state file that is not what the agent wrote: moved aside, never deleted, and no number comes twice.</summary>
public sealed class SpoiledStateTests
{
    private const uint Shown = 700;

    private static readonly Guid _id = Guid.Parse("11111111-2222-4333-8444-555555555555");

    private static readonly Dictionary<string, Action<NodeOnTrial>> _spoilers = new()
    {
        ["truncated"] = node => StoredState.Write(node, Good[..(Good.Length / 2)]),
        ["empty"] = node => StoredState.Write(node, ""),
        ["binary"] = node => StoredState.Write(node, "\u0000\u0001\u007f\ufffd{}"),
        ["huge"] = node => StoredState.Write(node, Good + new string(' ', 3 << 20)),
        ["of wrong types"] = node => StoredState.Write(node, Good.Replace("65536", "\"many\"", StringComparison.Ordinal)),
        ["of a negative ceiling"] = node => StoredState.Write(node, Good.Replace("65536", "-1", StringComparison.Ordinal)),
        ["of a ceiling below its generation"] = node => StoredState.Write(node, StoredState.Text(Shown, _id, ceiling: Shown - 1)),
        ["of nulls"] = node => StoredState.Write(node, Good.Replace("[]", "null", StringComparison.Ordinal)),
        ["another document"] = node => StoredState.Write(node, "[1,2,3]"),
        ["a directory"] = node => Directory.CreateDirectory(Path.Combine(node.StateFile, "inside")),
        ["a pipe"] = MakePipe,
        ["a link to elsewhere"] = MakeLink,
        ["a link to nowhere"] = node =>
        {
            Directory.CreateDirectory(node.StateDirectory);
            File.CreateSymbolicLink(node.StateFile, node.UniquePath("nowhere"));
        },
    };

    public static TheoryData<string> Kinds => [.. _spoilers.Keys];

    private static string Good => StoredState.Text(Shown, _id);

    [Theory, MemberData(nameof(Kinds))]
    public async Task S02_the_counter_page_is_enough_to_go_on_exactly_when_the_state_is(string kind)
    {
        await using var node = NodeOnTrial.Create();
        StoredState.WritePage(node, Shown, _id);
        _spoilers[kind](node);

        await node.StartAgentAsync();

        Assert.Equal((Shown, _id), (node.Generation, node.Id));
        await IsAsideAsync(node, kind);
        Assert.Equal(Shown + 1, await node.ForceAsync());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task S02_without_a_counter_page_the_loss_is_a_bump_of_its_own_when_the_state_is(string kind)
    {
        await using var node = NodeOnTrial.Create();
        _spoilers[kind](node);

        await node.StartAgentAsync();

        var status = await node.StatusAsync();
        Assert.Equal("AgentStateLost", status.GetProperty("cause").GetString());
        Assert.True(status.GetProperty("generation").GetUInt32() >= 1);
        Assert.True(status.GetProperty("state").GetProperty("writable").GetBoolean());
        await IsAsideAsync(node, kind);
    }

    [Fact]
    public async Task Nothing_that_was_moved_aside_earlier_is_overwritten()
    {
        await using var node = NodeOnTrial.Create();
        StoredState.Write(node, "the second");
        await File.WriteAllTextAsync(node.StateFile + ".unreadable-1", "the first", TestContext.Current.CancellationToken);

        await node.StartAgentAsync();

        Assert.Equal("the first", File.ReadAllText(node.StateFile + ".unreadable-1"));
        Assert.Equal("the second", File.ReadAllText(node.StateFile + ".unreadable-2"));
    }

    [Fact]
    public async Task S02_a_pod_that_lives_on_rises_when_page_and_state_of_its_node_are_both_lost()
    {
        await using var node = await NodeOnTrial.StartAsync();
        var pod = await node.StartPodAsync();
        await node.ForceAsync(minimum: Shown);
        await Eventually.HoldsAsync(() => pod.Generation == Shown, what: "the pod shows the generation");
        await node.LosePowerAsync();
        StoredState.Write(node, "rubbish");

        await node.StartAgentAsync();

        await Eventually.HoldsAsync(() => pod.Generation == Shown + 1, what: "the pod shows a new generation");
    }

    private static void MakePipe(NodeOnTrial node)
    {
        Directory.CreateDirectory(node.StateDirectory);
        using var made = Process.Start("mkfifo", node.StateFile);
        made.WaitForExit();
    }

    private static void MakeLink(NodeOnTrial node)
    {
        Directory.CreateDirectory(node.StateDirectory);
        var target = Path.Combine(node.Directory, "elsewhere.json");
        File.WriteAllText(target, Good);
        File.CreateSymbolicLink(node.StateFile, target);
    }

    private static async Task IsAsideAsync(NodeOnTrial node, string kind)
    {
        var aside = node.StateFile + ".unreadable-1";
        Assert.True(File.Exists(aside) || Directory.Exists(aside) || new FileInfo(aside).LinkTarget is not null, $"the state that was {kind} is gone");
        await Eventually.HoldsAsync(() => node.Log.Contains("moved to", StringComparison.Ordinal), what: "the log says where it is");
        if (kind == "a link to elsewhere")
            Assert.Equal(Good, File.ReadAllText(Path.Combine(node.Directory, "elsewhere.json")));
        if (kind == "a directory")
            Assert.True(Directory.Exists(Path.Combine(aside, "inside")));
    }
}
