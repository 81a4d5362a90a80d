using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Agents;

/// <summary>The first process of a container: in a mount namespace of its own, perhaps with a page, perhaps in cgroups.</summary>
internal sealed class FakeContainer : IAsyncDisposable
{
    /// <summary>Where injected containers have their page.</summary>
    public const string UsualPlace = "/run/sysgenid";

    // Words: page directory or '-', its place, cgroup.procs files. It lives as long as its input is open.
    private const string Script = """
        set -e
        page=$1 place=$2; shift 2
        for cgroup; do echo $$ > "$cgroup"; done
        mount -t tmpfs none /run
        if [ "$page" != - ]; then mkdir -p "$place"; mount --bind "$page" "$place"; fi
        echo ready
        exec cat
        """;

    private readonly ChildProcess _process;

    private FakeContainer(ChildProcess process) => _process = process;

    /// <summary>Its first process, as the host numbers it.</summary>
    public int InitPid => _process.Id;

    /// <summary>One with the page of a directory, or without any.</summary>
    public static async Task<FakeContainer> StartAsync(string? pageDirectory = null, string place = UsualPlace, IEnumerable<string>? cgroups = null)
    {
        string[] words = ["-m", "--propagation", "private", "sh", "-c", Script, "container", pageDirectory ?? "-", place, .. cgroups ?? []];
        var container = new FakeContainer(ChildProcess.Start("unshare", words));
        await Eventually.HoldsAsync(
            () => container._process.HasExited ? throw new InvalidOperationException(container._process.Errors) : container._process.Output.Length > 0,
            what: "the container is ready");
        return container;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
