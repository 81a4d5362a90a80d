using System.Text.Json.Nodes;
using SysGenId.Chart.Tests.Capabilities;

namespace SysGenId.Chart.Tests.Rendering;

/// <summary>What golden files show and do not explain.</summary>
public sealed class WorkloadTests
{
    [Theory]
    [InlineData("Deployment/sysgenid-controller")]
    [InlineData("Job/sysgenid-uninstall")]
    public async Task Controller_and_uninstall_fit_the_Pod_Security_profile_restricted(string id)
    {
        var workload = await FindAsync(id);
        var (pod, container) = (workload.PodSpec["securityContext"]!, workload.Container["securityContext"]!);

        Assert.True((bool)pod["runAsNonRoot"]!);
        Assert.Equal("RuntimeDefault", (string)pod["seccompProfile"]!["type"]!);
        Assert.False((bool)container["allowPrivilegeEscalation"]!);
        Assert.True((bool)container["readOnlyRootFilesystem"]!);
        Assert.Equal("[\"ALL\"]", container["capabilities"]!["drop"]!.ToJsonString());
        Assert.DoesNotContain(workload.PodSpec["volumes"]!.AsArray(), volume => volume!["hostPath"] is not null);
        Assert.Null(workload.PodSpec["hostPID"]);
        Assert.Null(workload.PodSpec["hostNetwork"]);
    }

    [Fact]
    public async Task The_agent_sees_the_processes_of_its_node_and_may_open_its_devices()
    {
        var agent = await FindAsync("DaemonSet/sysgenid-agent");

        Assert.True((bool)agent.PodSpec["hostPID"]!);
        Assert.True((bool)agent.Container["securityContext"]!["privileged"]!);
        Assert.DoesNotContain("none", Arguments(agent), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_without_privileges_has_no_more_than_the_listed_capabilities_and_leaves_devices_alone()
    {
        var agent = await FindAsync("DaemonSet/generations-agent", "everything");
        var security = agent.Container["securityContext"]!;

        Assert.True((bool)agent.PodSpec["hostPID"]!);
        Assert.Null(security["privileged"]);
        foreach (var source in new[] { "kernel-log", "vmclock", "sysgenid-device" }) Assert.Contains($"--{source}=none", Arguments(agent), StringComparison.Ordinal);
        Assert.Equal("[\"ALL\"]", security["capabilities"]!["drop"]!.ToJsonString());
        Assert.Equal(AgentCapabilities.All, security["capabilities"]!["add"]!.AsArray().Select(name => (string)name!));
    }

    [Fact]
    public async Task The_agents_directories_have_the_same_path_inside_and_outside()
    {
        var agent = await FindAsync("DaemonSet/sysgenid-agent");
        var outside = agent.PodSpec["volumes"]!.AsArray()
            .Where(volume => volume!["hostPath"] is not null)
            .ToDictionary(volume => (string)volume!["name"]!, volume => (string)volume!["hostPath"]!["path"]!);
        var inside = agent.Container["volumeMounts"]!.AsArray()
            .Where(mount => outside.ContainsKey((string)mount!["name"]!))
            .ToDictionary(mount => (string)mount!["name"]!, mount => (string)mount!["mountPath"]!);

        Assert.Equal(["/etc/criu", "/opt/sysgenid", "/run/sysgenid", "/var/lib/sysgenid"], outside.Values.Order());
        Assert.Equal(outside.OrderBy(pair => pair.Key), inside.OrderBy(pair => pair.Key));
    }

    [Fact]
    public async Task Nothing_of_an_agents_pod_undoes_the_hook_when_the_pod_goes()
    {
        var agent = await FindAsync("DaemonSet/sysgenid-agent");

        Assert.Null(agent.Container["lifecycle"]);
        Assert.Null(agent.PodSpec["initContainers"]);
    }

    [Fact]
    public async Task No_upgrade_writes_the_webhooks_authority()
    {
        var configuration = await FindAsync("MutatingWebhookConfiguration/sysgenid-injector");

        Assert.All(configuration.Content["webhooks"]!.AsArray(), webhook => Assert.Null(webhook!["clientConfig"]!["caBundle"]));
    }

    [Fact]
    public async Task A_pod_meets_one_of_the_two_webhooks_at_most()
    {
        var webhooks = (await FindAsync("MutatingWebhookConfiguration/sysgenid-injector")).Content["webhooks"]!.AsArray();

        var byPod = webhooks[0]!["objectSelector"]!["matchExpressions"]!.AsArray();
        var byNamespace = webhooks[1]!["objectSelector"]!["matchExpressions"]!.AsArray();

        Assert.Contains(byPod, IsExpression("Exists"));
        Assert.Contains(byNamespace, IsExpression("DoesNotExist"));
        Assert.Equal(2, webhooks.Count);
    }

    private static Predicate<JsonNode?> IsExpression(string name) =>
        expression => (string)expression!["key"]! == "sysgenid.io/inject" && (string)expression["operator"]! == name;

    private static string Arguments(RenderedObject workload) => string.Join(' ', workload.Container["args"]!.AsArray());

    private static async Task<RenderedObject> FindAsync(string id, string set = "default") =>
        Assert.Single(await ChartUnderTest.ObjectsAsync(set), item => item.Id == id);
}
