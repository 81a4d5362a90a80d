using System.Diagnostics;
using SysGenId.Adversity.Tests.Harness;
using SysGenId.TestSupport;

namespace SysGenId.Adversity.Tests.Records;

/// <summary>Checkpoints come from strangers: what their record claims can spend one pod's numbers at most.</summary>
public sealed class RecordTests
{
    private const uint Last = uint.MaxValue;

    /// <summary>What might be in the place of a record.</summary>
    private static readonly Dictionary<string, Action<string>> _rubbish = new()
    {
        ["garbage"] = path => File.WriteAllText(path, "\u0001 not json {{{"),
        ["empty"] = path => File.WriteAllText(path, ""),
        ["truncated"] = path => File.WriteAllText(path, """{"version":1,"generation":4294"""),
        ["a negative generation"] = path => File.WriteAllText(path, """{"version":1,"generation":-1}"""),
        ["a generation that is too large"] = path => File.WriteAllText(path, """{"version":1,"generation":4294967296}"""),
        ["nested without end"] = path => File.WriteAllText(path, """{"generation":1,"x":""" + new string('[', 10_000)),
        ["1 MiB"] = path => File.WriteAllText(path, """{"version":1,"generation":4294967294,"node":" """ + new string('x', 1 << 20) + "\"}"),
        ["a pipe"] = path =>
        {
            using var made = Process.Start("mkfifo", path);
            made.WaitForExit();
        },
        ["a directory"] = path => Directory.CreateDirectory(path),
        ["a link to a record"] = path =>
        {
            File.WriteAllText(path + ".target", """{"version":1,"generation":4294967294}""");
            File.CreateSymbolicLink(path, path + ".target");
        },
        ["a link to a device"] = path => File.CreateSymbolicLink(path, "/dev/zero"),
    };

    public static TheoryData<string> Rubbish => [.. _rubbish.Keys];

    [Fact]
    public async Task S28_a_record_of_4294967294_spends_the_numbers_of_the_restored_pod_only()
    {
        await using var node = await NodeOnTrial.StartAsync();
        var restored = await node.StartPodAsync();
        var other = await node.StartPodAsync();

        await using var first = await RestoreAsync(node, restored, HookCall.ImagesWith(node, Last - 1));

        Assert.True(first.ExitCode == 0, first.Errors);
        Assert.Equal(Last, restored.Generation);
        Assert.Equal(1u, node.Generation);
        await Eventually.HoldsAsync(() => other.Generation == 1, what: "the other pod shows the node's generation");

        await using var second = await RestoreAsync(node, restored, HookCall.ImagesWith(node, Last - 1));
        await using var elsewhere = await RestoreAsync(node, other, HookCall.ImagesWith(node, 1u));

        Assert.Equal(1, second.ExitCode);
        Assert.Contains("generation-exhausted", second.Errors, StringComparison.Ordinal);
        Assert.Equal(Last, restored.Generation);
        Assert.True(elsewhere.ExitCode == 0, elsewhere.Errors);
        Assert.InRange(other.Generation, 2u, 3u);
        Assert.InRange(node.Generation, 2u, 3u);
    }

    [Fact]
    public async Task S02_a_record_of_the_last_generation_is_refused_and_nothing_moves()
    {
        await using var node = await NodeOnTrial.StartAsync();
        var pod = await node.StartPodAsync();

        await using var call = await RestoreAsync(node, pod, HookCall.ImagesWith(node, Last));

        Assert.Equal(1, call.ExitCode);
        Assert.Contains("generation-exhausted", call.Errors, StringComparison.Ordinal);
        Assert.Equal((0u, 0u), (node.Generation, pod.Generation));
    }

    [Theory, MemberData(nameof(Rubbish))]
    public async Task S25_what_is_no_record_makes_an_unknown_origin_which_is_bumped_and_never_refused(string kind)
    {
        await using var node = await NodeOnTrial.StartAsync();
        var pod = await node.StartPodAsync();
        var images = HookCall.ImagesWith(node, null);
        _rubbish[kind](Path.Combine(images, "sysgenid.json"));

        await using var call = await RestoreAsync(node, pod, images);

        Assert.True(call.ExitCode == 0, call.Errors);
        Assert.Equal((1u, 1u), (node.Generation, pod.Generation));
        Assert.True(call.Elapsed < node.PublishTimeout, $"the hook took {call.Elapsed}");
    }

    [Fact]
    public async Task S23_a_record_of_two_thousand_million_watchers_keeps_no_more_places_than_a_pod_has()
    {
        await using var node = await NodeOnTrial.StartAsync();
        var pod = await node.StartPodAsync();

        await using var call = await RestoreAsync(node, pod, HookCall.ImagesWith(node, 5, int.MaxValue));

        Assert.True(call.ExitCode == 0, call.Errors);
        Assert.Equal(6u, pod.Generation);
        Assert.InRange((await pod.AskAsync(new { op = "watchers" })).GetProperty("expected").GetInt32(), 1, 1024);
        await Eventually.HoldsAsync(
            async () => (await node.StatusAsync()).GetProperty("outdated").GetInt32() is > 0 and <= 1024, what: "the node counts what the pod counts");
    }

    [Fact]
    public async Task S02_the_last_generation_is_kept_and_nothing_wraps()
    {
        await using var node = await NodeOnTrial.StartAsync();
        var pod = await node.StartPodAsync();
        Assert.Equal(Last, await node.ForceAsync(Last));
        await Eventually.HoldsAsync(() => pod.Generation == Last, what: "the pod shows the last generation");
        await IsExhaustedAsync(node);

        await node.KillAgentAsync();
        await node.StartAgentAsync();
        await IsExhaustedAsync(node);
        await node.LosePowerAsync();
        await node.StartAgentAsync();
        await IsExhaustedAsync(node);

        await using var ours = await RestoreAsync(node, pod, HookCall.ImagesWith(node, 3u));
        await using var foreign = await HookCall.Restored(node, Environment.ProcessId, HookCall.ImagesWith(node, null)).EndAsync();
        Assert.Equal((1, 0), (ours.ExitCode, foreign.ExitCode));
        Assert.Equal((Last, Last), (node.Generation, pod.Generation));
    }

    private static async Task IsExhaustedAsync(NodeOnTrial node)
    {
        var answer = await node.AskAsync(new { op = "force" });
        Assert.Equal("generation-exhausted", answer.GetProperty("error").GetString());
        Assert.Equal(Last, node.Generation);
        Assert.Equal(Last, (await node.StatusAsync()).GetProperty("generation").GetUInt32());
    }

    private static async Task<HookCall> RestoreAsync(NodeOnTrial node, PodOnTrial pod, string images) =>
        await HookCall.Restored(node, await pod.ContainerAsync(), images).EndAsync();
}
