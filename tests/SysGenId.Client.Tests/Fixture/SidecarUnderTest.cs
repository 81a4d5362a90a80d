using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.Sidecar.Tests.Fixture;
using SysGenId.TestSupport;

namespace SysGenId.Client.Tests.Fixture;

/// <summary>The sidecar as it is shipped, in a process and directory of its own, with an agent that does what a test says.</summary>
internal sealed class SidecarUnderTest : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeAgent _agent;
    private readonly IReadOnlyList<string> _arguments;
    private ChildProcess? _process;

    private SidecarUnderTest(IReadOnlyList<string> arguments) => (_agent, _arguments) = (new FakeAgent(_directory.File("agent.sock")), arguments);

    public string Directory => _directory.File("pod");

    public string ControlPath => Path.Join(Directory, "control.sock");

    /// <summary>The agent's end of the connection.</summary>
    public AgentSide Agent { get; private set; } = null!;

    /// <summary>A sidecar that has taken a node's generation and serves it.</summary>
    public static async Task<SidecarUnderTest> AtAsync(uint generation, params IReadOnlyList<string> arguments)
    {
        Requires.PublishedPrograms();
        var sidecar = new SidecarUnderTest(arguments);
        await sidecar.StartAsync();
        sidecar.Agent.Deliver(generation);
        await sidecar.ServesAsync();
        return sidecar;
    }

    /// <summary>A watcher with short pauses.</summary>
    public GenerationWatcher Open() => GenerationWatcher.Open(Options);

    public GenerationWatcherOptions Options => new()
    {
        Directory = Directory,
        FirstPause = TimeSpan.FromMilliseconds(2),
        LongestPause = TimeSpan.FromMilliseconds(20),
        Patience = Eventually.Patience,
    };

    /// <summary>Starts it on what it left; returns when it asks the agent.</summary>
    public async Task StartAsync()
    {
        _process = ChildProcess.Start(ToolPaths.Sidecar, ["--dir", Directory, "--agent", _directory.File("agent.sock"), .. _arguments]);
        Agent = await Task.Run(_agent.AcceptRegistered);
    }

    /// <summary>Waits until its sockets take connections.</summary>
    public Task ServesAsync() => Eventually.HoldsAsync(IsServing, what: "the sidecar serves");

    public Task StopAsync() => _process!.StopAsync();

    public Task KillAsync() => _process!.KillAsync();

    /// <summary>Watchers and outdated watchers, as the sidecar counts them.</summary>
    public (int Watchers, int Outdated) Counts
    {
        get
        {
            using var client = new LineClient(ControlPath);
            var answer = client.Request(Operation.Watchers);
            return (answer.Watchers!.Value, answer.Outdated!.Value);
        }
    }

    public async Task CountsAsync(int watchers, int outdated)
    {
        var counts = Counts;
        try
        {
            await Eventually.HoldsAsync(() => (counts = Counts) == (watchers, outdated), what: $"{watchers} watchers, {outdated} of them outdated");
        }
        catch (TimeoutException vain)
        {
            throw new TimeoutException($"{vain.Message}; there are {counts.Watchers} and {counts.Outdated}", vain);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        Agent?.Dispose();
        _agent.Dispose();
        _directory.Dispose();
    }

    // A socket is there before it takes connections. This one is the last.
    private bool IsServing()
    {
        using var connection = UnixSocket.TryConnect(ControlPath, blocking: true, out _);
        return connection is not null;
    }
}
