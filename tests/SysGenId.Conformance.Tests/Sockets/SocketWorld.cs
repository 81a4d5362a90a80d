using System.Text.Json;
using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.Core.Watchers;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Conformance.Tests.Sockets;

/// <summary>A sidecar process in a directory of its own; the agent behind it says what a test tells it to say.</summary>
internal sealed class SocketWorld : IPagedWorld, IRestartingWorld, IForcingWorld, ICrashingWorld, IForkingWorld, IQuiescingWorld, IRememberingWorld
{
    // An accept, the request on what was accepted, and one that is asked in the same round: a third is behind them all.
    private const int Rounds = 3;
    private const UnixFileMode Everybody = (UnixFileMode)0b111_101_101;

    private const string ForceFromPython =
        "import socket,sys; s=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(b'{\"op\":\"force\"}\\n'); print(s.recv(4096).decode())";

    private const string WatchFromPython =
        "import socket,sys; s=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.recv(4); print('ready', flush=True); sys.stdin.read()";

    private readonly TemporaryDirectory _directory = new();
    private readonly AgentStandIn _agent;
    private ChildProcess? _sidecar;
    private ControlClient? _control;

    private SocketWorld() => _agent = new AgentStandIn(AgentPath);

    public string PagePath => InPod("generation");

    /// <summary>What a pod has as /run/sysgenid.</summary>
    public string Directory => _directory.File("pod");

    public string WatchPath => InPod("watch.sock");

    public string ControlPath => InPod("control.sock");

    public uint Current => CounterPageFile.ReadGeneration(PagePath);

    private string AgentPath => _directory.File("agent.sock");

    private ControlClient Control => _control ?? throw new InvalidOperationException("the sidecar was not started");

    public static async Task<SocketWorld> StartAsync(uint generation)
    {
        Requires.PublishedPrograms();
        var world = new SocketWorld();
        File.SetUnixFileMode(world._directory.Path, Everybody);
        await world.ServeAsync(generation);
        return world;
    }

    public async Task<Change> BumpAsync(uint minimum = 0)
    {
        var confirmed = await _agent.DeliverAsync(minimum);
        var isRefused = confirmed.TryGetProperty("error", out var error) && error.GetString() == "generation-exhausted";
        return new Change(isRefused ? Outcome.Exhausted : Outcome.Success, confirmed.GetProperty("generation").GetUInt32());
    }

    public async Task<IWatcherHandle> OpenAsync()
    {
        var handle = SocketHandle.Connect(this, null);
        await handle.ReceiveFirstAsync();
        return handle;
    }

    public async Task<IWatcherHandle> ReturnAsync(uint handled)
    {
        var handle = SocketHandle.Connect(this, handled);
        await handle.ReceiveFirstAsync();
        await SettleAsync();
        return handle;
    }

    public async Task<WatcherCounts> CountsAsync()
    {
        var answer = await Control.AskAsync(new { op = "watchers" });
        return new WatcherCounts(answer.GetProperty("generation").GetUInt32(), Count("watchers"), Count("outdated"), Count("expected"));

        int Count(string name) => answer.GetProperty(name).GetInt32();
    }

    public async Task<Outcome> WaitForWatchersAsync(TimeSpan timeout)
    {
        using var caller = new ControlClient(ControlPath);
        return ControlClient.OutcomeOf(await caller.AskAsync(new { op = "wait-watchers", timeoutMs = (long)timeout.TotalMilliseconds }));
    }

    public async Task SettleAsync()
    {
        for (var round = 0; round < Rounds; round++) await Control.AskAsync(new { op = "get" });
    }

    public async Task RestartAsync(uint nodeGeneration)
    {
        _control?.Dispose();
        await _sidecar!.KillAsync();
        await _sidecar.DisposeAsync();
        await ServeAsync(nodeGeneration);
    }

    public async Task<Change> ForceAsync(uint minimum)
    {
        Requires.Root();
        var answer = await Control.AskAsync(new { op = "force", minimumGeneration = minimum });
        var outcome = ControlClient.OutcomeOf(answer);
        return new Change(outcome, outcome == Outcome.Success ? answer.GetProperty("generation").GetUInt32() : Current);
    }

    public async Task<Outcome> ForceWithoutRightsAsync()
    {
        Requires.Root();
        var asked = await ChildProcess.RunAsync(
            "setpriv", "--reuid", "65534", "--clear-groups", "/usr/bin/python3", "-c", ForceFromPython, ControlPath);
        return ControlClient.OutcomeOf(JsonElement.Parse(asked.OrThrow().Output));
    }

    public async Task<ChildProcess> WatchElsewhereAsync()
    {
        Requires.Program("python3");
        var program = ChildProcess.Start("python3", "-c", WatchFromPython, WatchPath);
        await Eventually.HoldsAsync(() => program.Output.Length > 0 || program.HasExited, what: "the program watches");
        return program;
    }

    public async Task QuiesceAsync()
    {
        _control?.Dispose();
        await _agent.QuiesceAsync();
    }

    public async Task ResumeAsync()
    {
        await _agent.ResumeAsync();
        await ConnectControlAsync();
    }

    public async Task<IForkedProgram> ForkAsync() => await ForkedWatcher.StartAsync(WatchPath);

    public async Task ExpectAsync(int count)
    {
        await _agent.ExpectWatchersAsync(count);
        await SettleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _control?.Dispose();
        if (_sidecar is not null) await _sidecar.DisposeAsync();
        _agent.Dispose();
        _directory.Dispose();
    }

    private string InPod(string name) => Path.Join(Directory, name);

    private async Task ServeAsync(uint generation)
    {
        _sidecar = ChildProcess.Start(ToolPaths.Sidecar, "--dir", Directory, "--agent", AgentPath, "--log-level", "warning");
        await _agent.RegisterAsync();
        await _agent.DeliverAsync(generation);
        await ConnectControlAsync();
    }

    private async Task ConnectControlAsync() => _control = await Eventually.ReturnsAsync(TryConnect, what: "the sidecar serves its control socket");

    private ControlClient? TryConnect()
    {
        try
        {
            return new ControlClient(ControlPath);
        }
        catch (System.Net.Sockets.SocketException)
        {
            return null;
        }
    }
}
