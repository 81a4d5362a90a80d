using System.Net.Sockets;
using System.Text.Json;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Containers;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Adversity.Tests.Harness;

/// <summary>A pod: a cgroup, a directory, the sidecar as it is shipped, and a process that has the page mounted as a container has.</summary>
internal sealed class PodOnTrial : IAsyncDisposable
{
    // The last line makes the process end with the tests, however they end.
    private const string BecomeContainer = """
        mount -t tmpfs sysgenid /run
        mkdir /run/sysgenid
        mount --bind "$1" /run/sysgenid
        echo ready
        exec cat
        """;

    // Cgroups are entered outside, where every hierarchy is visible.
    private const string EnterCgroups = """
        while [ "$1" != -- ]; do echo $$ > "$1" || exit 125; shift; done
        shift
        exec "$@"
        """;

    private readonly NodeOnTrial _node;
    private readonly PodUnderTest _pod;
    private readonly IReadOnlyList<string> _arguments;
    private ChildProcess? _container;

    public PodOnTrial(NodeOnTrial node, PodUnderTest pod, IReadOnlyList<string> arguments)
    {
        (_node, _pod, _arguments) = (node, pod, arguments);
        Directory = node.UniquePath("pod");
    }

    public string Uid => _pod.Uid;

    /// <summary>A program and its arguments that start the sidecar; empty: it is started directly.</summary>
    public IReadOnlyList<string> Prefix { get; set; } = [];

    public string Directory { get; }

    public string PagePath => Path.Combine(Directory, "generation");

    public string WatchSocket => Path.Combine(Directory, "watch.sock");

    public string ControlSocket => Path.Combine(Directory, "control.sock");

    /// <summary>The sidecar's process, of the last start.</summary>
    public ChildProcess Sidecar { get; private set; } = null!;

    /// <summary>The generation on the pod's page.</summary>
    public uint Generation => CounterPageFile.ReadGeneration(PagePath);

    /// <summary>Starts the sidecar on what it left; returns when it serves.</summary>
    public async Task StartSidecarAsync()
    {
        BeginSidecar();
        await Eventually.HoldsAsync(async () => await TryGetAsync() is not null, what: "the sidecar answers");
    }

    /// <summary>Starts the sidecar, as runtimes do in a mount namespace of its own, and waits for nothing.</summary>
    public void BeginSidecar() =>
        Sidecar = Start("sidecar", "unshare", ["-m", .. Prefix, ToolPaths.Sidecar, "--dir", Directory, "--agent", _node.Socket, .. _arguments]);

    /// <summary>Starts the sidecar where it will not serve, and returns its exit code.</summary>
    public async Task<int> FailToStartSidecarAsync()
    {
        BeginSidecar();
        await Sidecar.ExitAsync();
        return Sidecar.ExitCode;
    }

    /// <summary>Waits until the agent has registered it.</summary>
    public Task IsConnectedAsync() => Eventually.HoldsAsync(
        async () => await TryGetAsync() is { } state && state.GetProperty("agentConnected").GetBoolean(),
        what: "the sidecar is connected to the agent");

    /// <summary>The first process of a container of this pod, with the page where injected containers have it.</summary>
    public async Task<int> ContainerAsync()
    {
        if (_container is null)
        {
            _container = Start("app", "unshare", ["-m", "--propagation", "private", "sh", "-ec", BecomeContainer, "sh", Directory]);
            await Eventually.HoldsAsync(
                () => _container.HasExited ? throw new InvalidOperationException(_container.Errors) : _container.Output.StartsWith("ready", StringComparison.Ordinal),
                what: "the container has its mounts");
        }

        return _container.Id;
    }

    /// <summary>Starts a program in a container of this pod.</summary>
    public ChildProcess Start(string container, string program, params IEnumerable<string> arguments) =>
        ChildProcess.Start("sh", EnterAndRun(container, [program, .. arguments])[1..]);

    /// <summary>A program and its arguments that enter a container of this pod and become another program.</summary>
    public string[] EnterAndRun(string container, params IReadOnlyList<string> command) =>
        ["sh", "-c", EnterCgroups, "sh", .. _pod.EntrancesOf(container), "--", .. command];

    public async Task<JsonElement> AskAsync(object request)
    {
        using var client = JsonLineClient.Connect(ControlSocket);
        return await client.AskAsync(request);
    }

    public async Task<JsonElement?> TryGetAsync()
    {
        if (Sidecar.HasExited)
            throw new InvalidOperationException($"The sidecar exited with {Sidecar.ExitCode}:\n{Sidecar.Output}{Sidecar.Errors}");
        try
        {
            return await AskAsync(new { op = "get" });
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Sidecar is not null)
            await Sidecar.DisposeAsync();
        if (_container is not null)
            await _container.DisposeAsync();
    }
}
