using System.Net.Sockets;
using System.Text.Json;
using SysGenId.TestSupport.Containers;

namespace SysGenId.TestSupport.Nodes;

/// <summary>The sidecar as it is shipped, in the cgroup of a pod, with a directory that outlives its process.</summary>
internal sealed class SidecarUnderTest : IAsyncDisposable
{
    private const string Container = "sysgenid";

    private readonly NodeUnderTest _node;
    private readonly PodUnderTest _pod;
    private readonly IReadOnlyList<string> _arguments;
    private string[] _program = [ToolPaths.Sidecar];
    private ChildProcess? _process;

    private SidecarUnderTest(NodeUnderTest node, PodUnderTest pod, IReadOnlyList<string> arguments)
    {
        _node = node;
        _pod = pod;
        _arguments = arguments;
        Directory = System.IO.Directory.CreateDirectory(
            Path.Combine(node.Namespace.Memory, node.Namespace.UniqueName("s"))).FullName;
    }

    /// <summary>What app containers have as /run/sysgenid.</summary>
    public string Directory { get; }

    public string PagePath => Path.Combine(Directory, "generation");

    public string WatchSocket => Path.Combine(Directory, "watch.sock");

    public string ControlSocket => Path.Combine(Directory, "control.sock");

    /// <summary>The sidecar's process, of the last start.</summary>
    public ChildProcess Process => _process ?? throw new InvalidOperationException("The sidecar was never started.");

    /// <summary>The generation on the pod's page.</summary>
    public uint Generation => CounterPageFile.ReadGeneration(PagePath);

    /// <summary>The UUID of the generation on the pod's page.</summary>
    public Guid Id => CounterPageFile.ReadId(PagePath);

    /// <summary>What the webhook mounts into an app container.</summary>
    public IReadOnlyList<BindMount> Mounts => [new(Directory, "/run/sysgenid"), new(PagePath, "/dev/sysgenid")];

    /// <summary>Starts a sidecar; returns when it serves its pod and the agent knows it.</summary>
    public static async Task<SidecarUnderTest> StartAsync(NodeUnderTest node, PodUnderTest pod, params IReadOnlyList<string> arguments)
    {
        Requires.PublishedPrograms();
        var sidecar = new SidecarUnderTest(node, pod, arguments);
        await sidecar.StartAgainAsync();
        await sidecar.IsConnectedAsync();
        return sidecar;
    }

    /// <summary>The same with mounts of its own, as in a container: the agent knows it by its pod's cgroup.</summary>
    public static async Task<SidecarUnderTest> StartContainedAsync(NodeUnderTest node, PodUnderTest pod, params IReadOnlyList<string> arguments)
    {
        Requires.PublishedPrograms();
        var sidecar = new SidecarUnderTest(node, pod, arguments) { _program = ["unshare", "-m", ToolPaths.Sidecar] };
        await sidecar.StartAgainAsync();
        await sidecar.IsConnectedAsync();
        return sidecar;
    }

    /// <summary>Starts it on the directory it left; returns when it serves its pod, with or without the agent.</summary>
    public async Task StartAgainAsync()
    {
        _process = _node.Namespace.StartInPod(
            _pod, Container, _program[0], [.. _program[1..], "--dir", Directory, "--agent", _node.Socket, .. _arguments]);
        await Eventually.HoldsAsync(async () => await TryGetAsync() is not null, what: "the sidecar answers on its control socket");
    }

    /// <summary>Waits until the agent has registered it.</summary>
    public Task IsConnectedAsync() => Eventually.HoldsAsync(
        async () => await TryGetAsync() is { } state && state.GetProperty("agentConnected").GetBoolean(),
        what: "the sidecar is connected to the agent");

    public Task<int> StopAsync() => Process.StopAsync();

    public Task KillAsync() => Process.KillAsync();

    public Task<JsonElement> GetAsync() => AskAsync(new { op = "get" });

    public Task<JsonElement> WatchersAsync() => AskAsync(new { op = "watchers" });

    /// <summary>Asks as soon as its sockets are there: a checkpoint is over before they are.</summary>
    public async Task<JsonElement> AskAsync(object request)
    {
        using var client = await Eventually.ReturnsAsync(TryConnect, what: "the sidecar's control socket is there");
        return await client.AskAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }

    private async Task<JsonElement?> TryGetAsync()
    {
        if (Process.HasExited)
            throw new InvalidOperationException($"The sidecar exited with {Process.ExitCode}:\n{Process.Output}{Process.Errors}");
        try
        {
            using var client = TryConnect();
            return client is null ? null : await client.AskAsync(new { op = "get" });
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return null;
        }
    }

    private JsonLineClient? TryConnect()
    {
        try
        {
            return JsonLineClient.Connect(ControlSocket);
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
