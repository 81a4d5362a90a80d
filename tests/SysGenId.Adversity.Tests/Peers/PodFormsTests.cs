using System.Text.Json;
using SysGenId.Adversity.Tests.Harness;
using SysGenId.TestSupport;

namespace SysGenId.Adversity.Tests.Peers;

/// <summary>
/// Whichever way runtimes and cgroup drivers call the cgroups of a pod, in real cgroups: a sidecar is the pod that its
/// cgroup says, whatever it claims, and can do nothing but register, confirm and report.
/// </summary>
public sealed class PodFormsTests
{
    private const string Container = "6b1a8f6f8c2d4f0e9a3b5c7d9e1f2a4b6c8d0e2f4a6b8c0d2e4f6a8b0c2d4e6f";

    private static readonly Dictionary<string, Func<string, string, string>> _forms = new()
    {
        ["containerd, systemd, guaranteed"] = (pod, container) => $"/kubepods.slice/kubepods-pod{Underscored(pod)}.slice/cri-containerd-{Id(container)}.scope",
        ["containerd, systemd, burstable"] = (pod, container) => $"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{Underscored(pod)}.slice/cri-containerd-{Id(container)}.scope",
        ["containerd, systemd, best effort"] = (pod, container) => $"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod{Underscored(pod)}.slice/cri-containerd-{Id(container)}.scope",
        ["CRI-O, systemd"] = (pod, container) => $"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{Underscored(pod)}.slice/crio-{Id(container)}.scope",
        ["CRI-O, a cgroup for the processes"] = (pod, container) => $"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{Underscored(pod)}.slice/crio-{Id(container)}.scope/container",
        ["docker, systemd"] = (pod, container) => $"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod{Underscored(pod)}.slice/docker-{Id(container)}.scope",
        ["cgroupfs, guaranteed"] = (pod, container) => $"/kubepods/pod{pod}/{Id(container)}",
        ["cgroupfs, burstable"] = (pod, container) => $"/kubepods/burstable/pod{pod}/{Id(container)}",
        ["cgroupfs, best effort"] = (pod, container) => $"/kubepods/besteffort/pod{pod}/{Id(container)}",
        ["a nested cluster"] = (pod, container) => $"/docker/{Container}/kubelet/kubepods/besteffort/pod{pod}/{Id(container)}",
        ["a kubelet slice of one's own"] = (pod, container) => $"/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod{Underscored(pod)}.slice/cri-containerd-{Id(container)}.scope",
    };

    public static TheoryData<string> Forms => [.. _forms.Keys];

    [Theory, MemberData(nameof(Forms))]
    public async Task A_sidecar_that_claims_the_UID_and_the_directory_of_another_pod_is_its_own(string form)
    {
        await using var node = await NodeOnTrial.StartAsync();
        await IsTakenForItselfAsync(node, node.CreatePodIn(_forms[form]), node.CreatePodIn(_forms[form]));
    }

    [Theory]
    [InlineData("static, systemd", "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{0}.slice/cri-containerd-{1}.scope")]
    [InlineData("static, cgroupfs", "/kubepods/burstable/pod{0}/{1}")]
    public async Task A_static_pod_is_told_by_its_hash(string form, string path)
    {
        await using var node = await NodeOnTrial.StartAsync();
        Func<string, string, string> place = (pod, container) => string.Format(System.Globalization.CultureInfo.InvariantCulture, path, pod, Id(container));
        Assert.StartsWith("static", form, StringComparison.Ordinal);
        await IsTakenForItselfAsync(
            node, node.CreatePodIn(place, Guid.NewGuid().ToString("N")), node.CreatePodIn(place, Guid.NewGuid().ToString("N")));
    }

    [Theory]
    [InlineData("containerd, systemd, burstable")]
    [InlineData("cgroupfs, best effort")]
    public async Task A_cgroup_that_a_container_makes_below_its_own_and_names_after_another_pod_changes_nothing(string form)
    {
        await using var node = await NodeOnTrial.StartAsync();
        var victim = node.CreatePodIn(_forms[form]);
        var liar = node.CreatePodIn((pod, container) => $"{_forms[form](pod, container)}{_forms[form](victim.Uid, "forged")}");
        await IsTakenForItselfAsync(node, victim, liar);
    }

    [Theory]
    [InlineData("containerd, systemd, burstable")]
    [InlineData("cgroupfs, best effort")]
    public async Task An_agent_in_a_cgroup_namespace_of_its_own_sees_the_pods_above_it(string form)
    {
        await using var node = NodeOnTrial.Create();
        var own = node.CreatePodIn(_forms[form]);
        node.Prefix = own.EnterAndRun("agent", "unshare", "-C");
        await node.StartAgentAsync();
        Assert.NotEqual(File.ReadAllText("/proc/self/cgroup"), File.ReadAllText($"/proc/{node.Process.Id}/cgroup"));
        await IsTakenForItselfAsync(node, node.CreatePodIn(_forms[form]), node.CreatePodIn(_forms[form]));
    }

    private static async Task IsTakenForItselfAsync(NodeOnTrial node, PodOnTrial victim, PodOnTrial liar)
    {
        await victim.StartSidecarAsync();
        await victim.IsConnectedAsync();
        await using var speaker = await Speaker.InPodAsync(liar, node.Socket, uid: 0);

        var answer = await speaker.AskAsync(new
        {
            op = "register",
            protocol = 1,
            dir = victim.Directory,
            generation = 7,
            podUid = victim.Uid,
            pod = victim.Uid,
            uid = 0,
            pid = victim.Sidecar.Id,
            container = "app",
        });
        Assert.True(answer.GetProperty("ok").GetBoolean(), answer.ToString());
        foreach (var operation in new[] { "restored", "checkpointing", "checkpointed", "force", "history", "prove-gate" })
        {
            var refused = await speaker.AskAsync(new { op = operation, initPid = victim.Sidecar.Id, stage = "post-restore", podUid = victim.Uid, minimumGeneration = 4000 });
            Assert.Equal("permission-denied", refused.GetProperty("error").GetString());
        }

        // What it reports is booked on itself; the victim's page and counts are as they were.
        await speaker.SayAsync(new { op = "stats", generation = 7, watchers = 5, outdated = 5 });
        JsonElement[] sidecars = [];
        await Eventually.HoldsAsync(
            async () => (sidecars = [.. (await node.StatusAsync()).GetProperty("sidecars").EnumerateArray()])
                .Any(sidecar => Name(sidecar) == liar.Uid && sidecar.GetProperty("watchers").GetInt32() == 5),
            what: "the report is booked");
        Assert.Equal(new[] { liar.Uid, victim.Uid }.Order(), sidecars.Select(Name).Order());
        Assert.Equal(0, sidecars.Single(sidecar => Name(sidecar) == victim.Uid).GetProperty("watchers").GetInt32());
        Assert.Equal((0u, 0u), (node.Generation, victim.Generation));
    }

    private static string? Name(JsonElement sidecar) => sidecar.GetProperty("name").GetString();

    private static string Underscored(string uid) => uid.Replace('-', '_');

    // Containers of one pod have different ids of the length that runtimes give them.
    private static string Id(string container) => Container[..^container.Length] + Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(container))[..container.Length];
}
