using System.Text.Json.Nodes;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Control.Admission;

/// <summary>The injected container's own words, said to the program its image has.</summary>
public sealed class SidecarCommandTests
{
    // A pod's view: its volume, the agent's directory (where no agent has come yet), no privilege, a file system it cannot write.
    private const string PodSketch = """
        mount -t tmpfs tmpfs /run &&
        mkdir -m 1777 /run/sysgenid && mkdir -m 755 /run/sysgenid-agent &&
        mount -t tmpfs -o size=1m,mode=1777 tmpfs /run/sysgenid && mount -o remount,bind,ro / ; mount -o remount,ro /run &&
        exec setpriv --reuid 65532 --regid 65532 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all sh -c "$1"
        """;

    [Fact]
    public async Task The_published_sidecar_serves_with_the_injected_arguments_and_the_injected_probe_finds_it_ready()
    {
        Requires.PrivateMounts();
        Requires.PublishedPrograms();
        var sidecar = Samples.Inject(Samples.Pod())["spec"]!["initContainers"]![0]!;
        var (serve, probe) = (Command([ToolPaths.Sidecar, .. Words(sidecar["args"]!)]), Command(Words(sidecar["startupProbe"]!["exec"]!["command"]!)));
        var result = await InPodAsync($"{serve} & {probe}; code=$?; kill $!; wait $!; stat -c '%a %u' /run/sysgenid/generation; exit $code");
        Assert.Equal((0, "The sidecar is ready at /run/sysgenid.\n444 65532\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task S27_the_injected_probe_of_a_device_says_that_nothing_vouches_for_the_gate()
    {
        Requires.PrivateMounts();
        Requires.PublishedPrograms();
        var sidecar = Samples.Inject(Samples.Pod("sysgenid.io/device", "true"))["spec"]!["initContainers"]![0]!;
        var serves = Command([ToolPaths.Sidecar, "ready", "--dir", "/run/sysgenid", "--wait", "60"]);
        var words = Words(sidecar["startupProbe"]!["exec"]!["command"]!).Select(word => word == "10" ? "1" : word);
        var result = await InPodAsync(
            $"{Command([ToolPaths.Sidecar, .. Words(sidecar["args"]!)])} & {serves} >&2 && {Command(words)}; code=$?; kill $!; wait $!; exit $code");
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("The node's agent is not connected, so nothing vouches for this node's CRIU gate", result.Output, StringComparison.Ordinal);
    }

    private static Task<CommandResult> InPodAsync(string script) =>
        ChildProcess.RunAsync("unshare", "-m", "--propagation", "private", "sh", "-c", PodSketch, "pod", script);

    private static IEnumerable<string> Words(JsonNode list) => list.AsArray().Select(word => word!.GetValue<string>());

    // The image has the program at its root; here it is where it was published.
    private static string Command(IEnumerable<string> words) =>
        string.Join(' ', words.Select(word => word == "/sysgenid-sidecar" ? ToolPaths.Sidecar : word));
}
