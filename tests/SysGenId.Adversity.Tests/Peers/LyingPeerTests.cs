using System.Text.Json;
using SysGenId.Adversity.Tests.Harness;
using SysGenId.TestSupport;

namespace SysGenId.Adversity.Tests.Peers;

/// <summary>Who somebody is, the kernel says; what somebody says grants nothing.</summary>
public sealed class LyingPeerTests
{
    private static readonly string[] _notForPods = ["restored", "checkpointing", "checkpointed", "force", "status", "get", "history", "wait-watchers", "prove-gate"];

    [Fact]
    public async Task A_process_that_claims_the_directory_of_another_pod_is_its_own_pod_all_the_same()
    {
        await using var node = await NodeOnTrial.StartAsync();
        var victim = await node.StartPodAsync();
        var liar = node.CreatePod();
        await using var speaker = await Speaker.InPodAsync(liar, node.Socket);

        Assert.True(Ok(await speaker.AskAsync(new { op = "register", protocol = 1, dir = victim.Directory, generation = 7 })));

        Assert.Equal(new[] { liar.Uid, victim.Uid }.Order(), Names(await node.StatusAsync()).Order());
        await IsRestoredAsync(node, victim);
    }

    [Theory]
    [InlineData("directory")]
    [InlineData("page")]
    public async Task A_symbolic_link_to_the_page_of_another_pod_gives_no_part_in_its_restores(string kind)
    {
        await using var node = await NodeOnTrial.StartAsync();
        var victim = await node.StartPodAsync();
        var liar = node.CreatePod();
        var claimed = node.UniquePath("claimed");
        if (kind == "directory")
            Directory.CreateSymbolicLink(claimed, victim.Directory);
        else
            File.CreateSymbolicLink(Path.Combine(Directory.CreateDirectory(claimed).FullName, "generation"), victim.PagePath);
        await using var speaker = await Speaker.InPodAsync(liar, node.Socket);

        await speaker.AskAsync(new { op = "register", protocol = 1, dir = claimed, generation = 0 });

        // Were the silent liar one of the pages that matter, the restore would be refused.
        await IsRestoredAsync(node, victim);
    }

    [Fact]
    public async Task A_process_outside_pods_that_is_not_root_is_no_sidecar()
    {
        await using var node = await NodeOnTrial.StartAsync();
        var victim = await node.StartPodAsync();
        await using var speaker = await Speaker.ThroughAsync(node.Socket, "setpriv", $"--reuid={Speaker.Nobody}", "--clear-groups");

        var answer = await speaker.AskAsync(new { op = "register", protocol = 1, dir = victim.Directory, generation = 0 });

        Assert.Equal("permission-denied", Error(answer));
        Assert.Equal([victim.Uid], Names(await node.StatusAsync()));
    }

    [Fact]
    public async Task A_sidecar_that_speaks_as_hook_or_command_line_is_refused_logged_and_stays_connected()
    {
        await using var node = await NodeOnTrial.StartAsync();
        var pod = node.CreatePod();
        await using var speaker = await Speaker.InPodAsync(pod, node.Socket, uid: 0);
        Assert.True(Ok(await speaker.AskAsync(new { op = "register", protocol = 1, dir = "/", generation = 0 })));

        foreach (var operation in _notForPods)
        {
            var answer = await speaker.AskAsync(new { op = operation, initPid = 1, stage = "post-restore", minimumGeneration = 4000 });
            Assert.Equal("permission-denied", Error(answer));
            await Eventually.HoldsAsync(() => node.Log.Contains($"was refused '{operation}'", StringComparison.Ordinal), what: $"the refusal of {operation} is logged");
        }

        Assert.Equal(0u, node.Generation);
        var generation = await node.ForceAsync();
        Assert.Equal(generation, Generation(await speaker.HearPushAsync("generation")));
    }

    /// <summary>How somebody comes to the agent's socket who is not root of the host.</summary>
    public static TheoryData<string, string[]> Strangers => new()
    {
        { "another uid", ["setpriv", $"--reuid={Speaker.Nobody}", "--clear-groups"] },
        { "root in another mount namespace", ["unshare", "-m"] },
        { "root in another user namespace", ["unshare", "-Ur"] },
        { "root of a user namespace made by another uid", ["setpriv", $"--reuid={Speaker.Nobody}", "--clear-groups", "unshare", "-Ur"] },
    };

    [Theory, MemberData(nameof(Strangers))]
    public async Task S13_only_root_of_the_host_may_speak_as_hook_or_command_line(string who, string[] command)
    {
        if (command.Contains("-Ur"))
            Requires.UserNamespaces();
        await using var node = await NodeOnTrial.StartAsync();
        await using var speaker = await Speaker.ThroughAsync(node.Socket, command);

        foreach (var operation in _notForPods)
            Assert.Equal($"permission-denied to {who}", $"{Error(await speaker.AskAsync(new { op = operation, initPid = 1, minimumGeneration = 4000 }))} to {who}");
        Assert.True(Ok(await speaker.AskAsync(new { op = "hello", protocol = 1 })));

        Assert.Equal(0u, node.Generation);
    }

    [Fact]
    public async Task A_sidecar_that_never_confirms_holds_up_the_restores_of_its_own_pod_only()
    {
        await using var node = await NodeOnTrial.StartAsync();
        var healthy = await node.StartPodAsync();
        var silent = node.CreatePod();
        Directory.CreateDirectory(silent.Directory);
        await using var speaker = await Speaker.InPodAsync(silent, node.Socket);
        await speaker.AskAsync(new { op = "register", protocol = 1, dir = silent.Directory, generation = 0 });

        await IsRestoredAsync(node, healthy);
        await using var held = await RestoreAsync(node, silent);

        Assert.NotEqual(0, held.ExitCode);
        Assert.Contains("is the pod's sidecar running?", held.Errors, StringComparison.Ordinal);
        Assert.InRange(held.Elapsed, node.PublishTimeout - TimeSpan.FromMilliseconds(100), node.PublishTimeout + TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_sidecar_that_never_closes_its_sockets_holds_up_the_checkpoints_of_its_own_pod_only()
    {
        await using var node = await NodeOnTrial.StartAsync();
        var healthy = await node.StartPodAsync();
        var silent = node.CreatePod();
        Directory.CreateDirectory(silent.Directory);
        await using var speaker = await Speaker.InPodAsync(silent, node.Socket);
        await speaker.AskAsync(new { op = "register", protocol = 1, dir = silent.Directory, generation = 0 });

        await using var quick = await CheckpointAsync(node, healthy);
        await using var held = await CheckpointAsync(node, silent);

        Assert.True(quick.ExitCode == 0, quick.Errors);
        Assert.True(quick.Elapsed < node.PublishTimeout, $"the checkpoint of the healthy pod was held for {quick.Elapsed}");
        Assert.Equal(1, held.ExitCode);
        Assert.InRange(held.Elapsed, node.PublishTimeout - TimeSpan.FromMilliseconds(100), node.PublishTimeout + TimeSpan.FromSeconds(2));
    }

    /// <summary>What a sidecar might say instead of the truth.</summary>
    public static TheoryData<string> Nonsense => new()
    {
        """{"op":"published","id":"00000000-0000-0000-0000-00000000beef","generation":4294967295,"watchers":2147483647,"outdated":2147483647}""",
        """{"op":"published","generation":0}""",
        """{"op":"published","id":"not a uuid","generation":1}""",
        """{"op":"stats","generation":1,"watchers":2147483647,"outdated":2147483647}""",
        """{"op":"stats","generation":1,"watchers":-1,"outdated":-5}""",
        """{"op":"stats","generation":1,"watchers":99999999999999999999,"outdated":0}""",
        """{"op":"stats","generation":0,"watchers":1,"outdated":7}""",
        """{"op":"quiesced","checkpoint":"1@1","watchers":2147483647,"generation":4294967295}""",
        """{"op":"quiesced"}""",
        """{"op":"register","protocol":1,"dir":"/","generation":4294967295}""",
        """{"op":"generation","generation":4294967295,"id":"00000000-0000-0000-0000-00000000beef"}""",
        """{"op":"resume","checkpoint":"1@1"}""",
    };

    [Theory, MemberData(nameof(Nonsense))]
    public async Task Two_sidecars_that_talk_nonsense_change_nothing_for_others(string line)
    {
        await using var node = await NodeOnTrial.StartAsync();
        var healthy = await node.StartPodAsync();
        var speakers = new List<Speaker>();
        foreach (var pod in new[] { node.CreatePod(), node.CreatePod() })
            speakers.Add(node.Own(await Speaker.InPodAsync(pod, node.Socket)));

        foreach (var speaker in speakers)
        {
            await speaker.AskAsync(new { op = "register", protocol = 1, dir = "/", generation = 4294967295 });
            await speaker.SayAsync(JsonElement.Parse(line));
            await speaker.AskAsync(new { op = "hello" });
        }

        var before = node.Generation;
        Assert.Equal(before + 1, await node.ForceAsync());
        await Eventually.HoldsAsync(() => healthy.Generation == before + 1, what: "the healthy pod shows the node's generation");
        await IsRestoredAsync(node, healthy);
        Assert.True((await node.StatusAsync()).GetProperty("watchers").GetInt32() >= 0);
    }

    [Fact]
    public async Task A_sidecar_that_says_a_lower_generation_than_it_was_told_is_believed_about_itself_only()
    {
        await using var node = await NodeOnTrial.StartAsync();
        await using var speaker = await Speaker.InPodAsync(node.CreatePod(), node.Socket);
        await speaker.AskAsync(new { op = "register", protocol = 1, dir = "/", generation = 0 });
        await node.ForceAsync(minimum: 500);
        JsonElement push;
        do
            push = await speaker.HearPushAsync("generation");
        while (push.GetProperty("generation").GetUInt32() < 500);

        await speaker.SayAsync(new { op = "published", id = push.GetProperty("id").GetGuid(), generation = 3, watchers = 0, outdated = 0 });

        await Eventually.HoldsAsync(
            async () => (await node.StatusAsync()).GetProperty("sidecars")[0].GetProperty("generation").GetUInt32() == 3, what: "status says what the sidecar said of itself");
        Assert.Equal(500u, node.Generation);
        Assert.Equal(501u, await node.ForceAsync());
    }

    [Fact]
    public async Task A_pod_that_opens_hundreds_of_connections_is_bounded_and_others_are_served()
    {
        await using var node = await NodeOnTrial.StartAsync();
        await using var greedy = await Speaker.InPodAsync(node.CreatePod(), node.Socket, Speaker.Nobody, "400");

        var kept = await greedy.HearTextAsync();

        Assert.InRange(int.Parse(kept.Split(' ')[1]), 1, 32);
        await using var other = await Speaker.InPodAsync(node.CreatePod(), node.Socket);
        Assert.True(Ok(await other.AskAsync(new { op = "register", protocol = 1, dir = "/", generation = 0 })));
        Assert.Equal(1u, await node.ForceAsync());
        Assert.Equal(0u, Generation(await other.HearPushAsync("generation")));
        Assert.Equal(1u, Generation(await other.HearPushAsync("generation")));
    }

    [Fact]
    public async Task An_app_without_the_capability_cannot_force_and_nothing_moves()
    {
        await using var node = await NodeOnTrial.StartAsync();
        var pod = await node.StartPodAsync();
        await using var app = await Speaker.InPodAsync(pod, pod.ControlSocket);

        Assert.Equal("permission-denied", Error(await app.AskAsync(new { op = "force", minimumGeneration = 4000 })));
        Assert.True(Ok(await app.AskAsync(new { op = "get" })));

        Assert.Equal(0u, pod.Generation);
    }

    private static async Task IsRestoredAsync(NodeOnTrial node, PodOnTrial pod)
    {
        var before = pod.Generation;
        await using var call = await RestoreAsync(node, pod);
        Assert.True(call.ExitCode == 0, $"the hook exited with {call.ExitCode}: {call.Errors}");
        Assert.True(pod.Generation > before, $"the page shows {pod.Generation} after {before}");
    }

    private static async Task<HookCall> CheckpointAsync(NodeOnTrial node, PodOnTrial pod) =>
        await HookCall.Begin(node, "pre-dump", await pod.ContainerAsync(), HookCall.ImagesWith(node, null)).EndAsync();

    private static async Task<HookCall> RestoreAsync(NodeOnTrial node, PodOnTrial pod)
    {
        var generation = File.Exists(pod.PagePath) ? pod.Generation : 0;
        return await HookCall.Restored(node, await pod.ContainerAsync(), HookCall.ImagesWith(node, generation)).EndAsync();
    }

    private static bool Ok(JsonElement answer) => answer.GetProperty("ok").GetBoolean();

    private static string? Error(JsonElement answer) => answer.TryGetProperty("error", out var code) ? code.GetString() : null;

    private static uint Generation(JsonElement message) => message.GetProperty("generation").GetUInt32();

    private static IEnumerable<string?> Names(JsonElement status) =>
        status.GetProperty("sidecars").EnumerateArray().Select(sidecar => sidecar.GetProperty("name").GetString());
}
