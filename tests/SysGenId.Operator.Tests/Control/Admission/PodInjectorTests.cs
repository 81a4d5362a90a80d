using System.Text.Json.Nodes;
using SysGenId.Operator.Control.Admission;

namespace SysGenId.Operator.Tests.Control.Admission;

public sealed class PodInjectorTests
{
    [Theory]
    [InlineData("true", null, InjectionReason.Injected)]
    [InlineData("true", "false", InjectionReason.Injected)]
    [InlineData("false", "true", InjectionReason.OptedOut)]
    [InlineData(null, "true", InjectionReason.Injected)]
    [InlineData(null, "false", InjectionReason.NotAskedFor)]
    [InlineData(null, "yes", InjectionReason.NotAskedFor)]
    [InlineData(null, null, InjectionReason.NotAskedFor)]
    [InlineData("True", "true", InjectionReason.InvalidValue)]
    [InlineData("", null, InjectionReason.InvalidValue)]
    internal void The_word_of_the_pod_counts_more_than_that_of_its_namespace(string? pod, string? space, InjectionReason reason)
    {
        var sample = Samples.Pod();
        if (pod is null) sample["metadata"]!.AsObject().Remove("labels");
        else sample["metadata"]!["labels"]!["sysgenid.io/inject"] = pod;
        var labels = new Dictionary<string, string> { ["team"] = "web" };
        if (space is not null) labels["sysgenid.io/inject"] = space;
        Assert.Equal(reason, Samples.Decide(sample, labels).Reason);
    }

    [Theory]
    [InlineData("kube-system")]
    [InlineData("kube-public")]
    [InlineData("kube-node-lease")]
    [InlineData("sysgenid-system")]
    public void No_pod_of_a_namespace_the_cluster_or_we_depend_on_is_injected(string name)
    {
        var decision = new PodInjector(Samples.Settings).Decide(Samples.Read(Samples.Pod()), name, null);
        Assert.Equal(InjectionReason.ExcludedNamespace, decision.Reason);
        Assert.Equal($"The SysGenId sidecar is not injected: No pod of namespace {name} is injected.", decision.Warning);
    }

    [Fact]
    public void A_namespace_that_asks_for_all_its_pods_is_not_warned_of_each()
    {
        var pod = Samples.Pod();
        pod["metadata"]!.AsObject().Remove("labels");
        pod["spec"]!["os"] = new JsonObject { ["name"] = "windows" };
        Assert.Null(Samples.Decide(pod, new Dictionary<string, string> { ["sysgenid.io/inject"] = "true" }).Warning);
    }

    [Theory]
    [InlineData("sysgenid.io/containers", "app")]
    [InlineData("sysgenid.io/containers", " app ,app")]
    [InlineData("sysgenid.io/device", "true")]
    [InlineData("sysgenid.io/device", "false")]
    [InlineData("sysgenid.io/sidecar-image", "sidecar")]
    [InlineData("sysgenid.io/sidecar-image", "localhost:5000/a/b_c:v1.2-x@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("sysgenid.io/sidecar-cpu-request", "0")]
    [InlineData("sysgenid.io/sidecar-cpu-request", "0.5")]
    [InlineData("sysgenid.io/sidecar-cpu-limit", "5m")]
    [InlineData("sysgenid.io/sidecar-memory-request", "32Mi")]
    [InlineData("sysgenid.io/sidecar-memory-limit", "1e8")]
    public void A_good_value_is_taken(string annotation, string value) =>
        Assert.Equal(InjectionReason.Injected, Samples.Decide(Samples.Pod(annotation, value)).Reason);

    [Theory]
    [InlineData("sysgenid.io/containers", "", "annotation sysgenid.io/containers must be names of containers with commas between them, not \"\"")]
    [InlineData("sysgenid.io/containers", "app,", "annotation sysgenid.io/containers must be names of containers with commas between them, not \"app,\"")]
    [InlineData("sysgenid.io/containers", "web", "annotation sysgenid.io/containers names \"web\", and the pod's containers are \"app\"", InjectionReason.UnknownContainer)]
    [InlineData("sysgenid.io/containers", "app,sysgenid-sidecar", "annotation sysgenid.io/containers names \"sysgenid-sidecar\", and the pod's containers are \"app\"", InjectionReason.UnknownContainer)]
    [InlineData("sysgenid.io/device", "yes", "annotation sysgenid.io/device must be \"true\" or \"false\", not \"yes\"")]
    [InlineData("sysgenid.io/device", "", "annotation sysgenid.io/device must be \"true\" or \"false\", not \"\"")]
    [InlineData("sysgenid.io/sidecar-image", "", "annotation sysgenid.io/sidecar-image must be the name of an image, not \"\"")]
    [InlineData("sysgenid.io/sidecar-image", "a b\n", "annotation sysgenid.io/sidecar-image must be the name of an image, not \"a b?\"")]
    [InlineData("sysgenid.io/sidecar-cpu-request", "-1", "annotation sysgenid.io/sidecar-cpu-request must be a quantity of at least 0, not \"-1\"")]
    [InlineData("sysgenid.io/sidecar-cpu-request", "5 m", "annotation sysgenid.io/sidecar-cpu-request must be a quantity of at least 0, not \"5 m\"")]
    [InlineData("sysgenid.io/sidecar-cpu-limit", "0", "annotation sysgenid.io/sidecar-cpu-limit must be a quantity of at least 1m, not \"0\"")]
    [InlineData("sysgenid.io/sidecar-cpu-limit", "2m", "annotation sysgenid.io/sidecar-cpu-request (5m) must not be more than annotation sysgenid.io/sidecar-cpu-limit (2m)")]
    [InlineData("sysgenid.io/sidecar-memory-request", "64Mi", "annotation sysgenid.io/sidecar-memory-request (64Mi) must not be more than annotation sysgenid.io/sidecar-memory-limit (32Mi)")]
    [InlineData("sysgenid.io/sidecar-memory-request", "32MB", "annotation sysgenid.io/sidecar-memory-request must be a quantity of at least 0, not \"32MB\"")]
    [InlineData("sysgenid.io/sidecar-memory-limit", "32m", "annotation sysgenid.io/sidecar-memory-limit must be a quantity of at least 8Mi, not \"32m\"")]
    internal void A_bad_value_is_told_word_by_word(string annotation, string value, string fault, InjectionReason reason = InjectionReason.InvalidValue)
    {
        var decision = Samples.Decide(Samples.Pod(annotation, value));
        Assert.Equal((reason, InjectionOutcome.Denied), (decision.Reason, decision.Outcome));
        Assert.Equal($"SysGenId cannot be injected into this pod: {fault}.", decision.Message);
        Assert.Null(decision.Patch);
    }

    [Fact]
    public void What_somebody_wrote_does_not_make_a_message_endless()
    {
        var decision = Samples.Decide(Samples.Pod("sysgenid.io/device", new string('x', 100_000)));
        Assert.InRange(decision.Message.Length, 1, 300);
    }

    [Fact]
    public void Annotations_override_the_settings_one_by_one()
    {
        var sidecar = Sidecar(Samples.Inject(Samples.Pod("sysgenid.io/sidecar-image", "mine:1", "sysgenid.io/sidecar-cpu-limit", "100m")));
        Assert.Equal("mine:1", sidecar["image"]!.GetValue<string>());
        Assert.Equal("""{"limits":{"cpu":"100m","memory":"32Mi"},"requests":{"cpu":"5m","memory":"16Mi"}}""", sidecar["resources"]!.ToJsonString());
    }

    [Fact]
    public void Requests_and_limits_can_be_left_away_by_the_settings()
    {
        var resources = Samples.Settings with { Resources = new() { CpuRequest = null, MemoryRequest = null, MemoryLimit = null }, PullPolicy = null };
        var pod = Samples.Pod();
        var sidecar = Sidecar(PatchedPod.Apply(pod, Samples.Decide(pod, settings: resources).Patch!.ToJson()));
        Assert.Equal("{}", sidecar["resources"]!.ToJsonString());
        Assert.Null(sidecar["imagePullPolicy"]);
    }

    [Fact]
    public void S27_without_the_annotation_a_pod_has_no_affinity_no_device_and_no_need_of_the_gate()
    {
        var text = Samples.Inject(Samples.Pod("sysgenid.io/device", "false")).ToJsonString();
        foreach (var trace in new[] { "affinity", "/dev/", "gate" }) Assert.DoesNotContain(trace, text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_agents_directory_is_that_of_the_settings()
    {
        var pod = Samples.Pod();
        var decision = Samples.Decide(pod, settings: Samples.Settings with { AgentSocketDirectory = "/var/run/other" });
        var volumes = PatchedPod.Apply(pod, decision.Patch!.ToJson())["spec"]!["volumes"]!.AsArray();
        Assert.Equal("/var/run/other", volumes[1]!["hostPath"]!["path"]!.GetValue<string>());
    }

    private static JsonNode Sidecar(JsonNode pod) => pod["spec"]!["initContainers"]![0]!;
}
