using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using SysGenId.Core.Linux;
using SysGenId.Operator.Node;
using SysGenId.Operator.Node.Sources;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Nodes;
using NodeOptions = SysGenId.Operator.Node.NodeOptions;

namespace SysGenId.Operator.Tests.Agents;

/// <summary>A node agent on a thread of this process, in a directory of its own. This process is root's command line to it.</summary>
internal sealed class AgentUnderTest : IAsyncDisposable
{
    /// <summary>Nothing of the machine that the tests run on: it may have been restored itself, or be while they run.</summary>
    public static readonly SourceOptions NoSources = new() { KernelLog = null, VmClock = null, Device = null };

    private readonly TemporaryDirectory _directory = new();
    private readonly NodeOptions _options;
    private CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;
    private bool _hasEnded;

    private AgentUnderTest(Func<NodeOptions, NodeOptions>? configure)
    {
        var options = new NodeOptions
        {
            Socket = _directory.File("run/node.sock"),
            StateDirectory = _directory.File("state"),
            NodeName = "node-1",
            PublishTimeout = TimeSpan.FromSeconds(20),
            CriuConfiguration = _directory.File("criu.conf"),
            Criu = "/nonexistent/criu",
            Sources = NoSources,
        };
        _options = configure is null ? options : configure(options);
    }

    /// <summary>What it has to do with besides its node; read at each start.</summary>
    public NodeSurroundings Surroundings { get; set; } = NodeSurroundings.Standalone;

    public string Socket => _options.Socket;

    public string RunDirectory => _directory.File("run");

    public string StateFile => _directory.File("state/state.json");

    public string PagePath => _directory.File("run/generation");

    /// <summary>The generation on the node's page.</summary>
    public uint Generation => CounterPageFile.ReadGeneration(PagePath);

    /// <summary>A directory that nothing else uses.</summary>
    public string NewDirectory(string name) => _directory.CreateDirectory(name);

    /// <summary>An agent that serves.</summary>
    /// <param name="configure">Changes the options, which else have a publish timeout that only a failing test reaches.</param>
    public static async Task<AgentUnderTest> StartAsync(Func<NodeOptions, NodeOptions>? configure = null)
    {
        var agent = Create(configure);
        await agent.StartAgainAsync();
        return agent;
    }

    /// <summary>One that is yet to be started.</summary>
    public static AgentUnderTest Create(Func<NodeOptions, NodeOptions>? configure = null) => new(configure);

    /// <summary>Starts it on what it left.</summary>
    public async Task StartAgainAsync()
    {
        // A process that another test is just starting holds this process's descriptors, the lock of the agent that has
        // ended among them, until it is what it is to be.
        if (File.Exists(LockFile)) await Eventually.HoldsAsync(() => !_hasEnded || IsFree(LockFile), what: "the lock of the last agent is free");
        _hasEnded = false;
        _stop = new CancellationTokenSource();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var agent = new NodeAgent(_options, Surroundings, TimeProvider.System, NullLogger.Instance);
        _run = Task.Factory.StartNew(
            () => agent.Run(started.SetResult, _stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var first = await Task.WhenAny(_run, started.Task).WaitAsync(Eventually.Patience, TimeProvider.System);
        await first;
    }

    /// <summary>Ends it in good order; throws what it ended with.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _run.WaitAsync(Eventually.Patience, TimeProvider.System);
        _hasEnded = true;
    }

    /// <summary>The failure of the last start is what the test expected.</summary>
    public void Forget() => _run = Task.CompletedTask;

    public JsonLineClient Connect() => JsonLineClient.Connect(Socket);

    public async Task<JsonElement> AskAsync(object request)
    {
        using var client = Connect();
        return await client.AskAsync(request);
    }

    public Task<JsonElement> ForceAsync(uint minimum = 0) => AskAsync(new { op = "force", minimumGeneration = minimum });

    public Task<JsonElement> StatusAsync() => AskAsync(new { op = "status" });

    /// <summary>The lines of its history, newest last.</summary>
    public async Task<IReadOnlyList<JsonElement>> HistoryAsync() =>
        [.. (await AskAsync(new { op = "history" })).GetProperty("changes").EnumerateArray()];

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        _directory.Dispose();
    }

    private string LockFile => _directory.File("run/node.lock");

    private static bool IsFree(string path)
    {
        using var taken = FileLock.TryTake(path);
        return taken is not null;
    }
}
