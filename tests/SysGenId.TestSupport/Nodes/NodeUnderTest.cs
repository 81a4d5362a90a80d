using System.Text.Json;
using SysGenId.TestSupport.Containers;

namespace SysGenId.TestSupport.Nodes;

/// <summary>The node agent as it is shipped, in a namespace of its own, with a state that outlives its process.</summary>
internal sealed class NodeUnderTest : IAsyncDisposable
{
    private readonly NodeOptions _options;
    private readonly string _directory;
    private ChildProcess? _process;

    private NodeUnderTest(CheckpointNamespace owner, NodeOptions options)
    {
        Namespace = owner;
        _options = options;
        _directory = Directory.CreateDirectory(Path.Combine(owner.Memory, owner.UniqueName("n"))).FullName;
        RunDirectory = Directory.CreateDirectory(Path.Combine(_directory, "run")).FullName;
    }

    public CheckpointNamespace Namespace { get; }

    /// <summary>The directory of the agent socket, which also holds the node's page and policy.</summary>
    public string RunDirectory { get; }

    public string Socket => Path.Combine(RunDirectory, "node.sock");

    public string StateDirectory => Path.Combine(_directory, "state");

    public string HookDirectory => Path.Combine(_directory, "hook");

    /// <summary>The agent's process, of the last start.</summary>
    public ChildProcess Process => _process ?? throw new InvalidOperationException("The agent was never started.");

    /// <summary>The generation on the node's own page.</summary>
    public uint Generation => CounterPageFile.ReadGeneration(Path.Combine(RunDirectory, "generation"));

    /// <summary>Installs the hook if asked to and starts the agent; returns when it answers.</summary>
    public static async Task<NodeUnderTest> StartAsync(CheckpointNamespace owner, NodeOptions? options = null)
    {
        Requires.PublishedPrograms();
        var node = new NodeUnderTest(owner, options ?? new NodeOptions());
        if (node._options.WithHook)
            (await node.InstallHookAsync()).OrThrow();
        await node.StartAgainAsync();
        return node;
    }

    /// <summary>Starts the agent on the state it left, after <see cref="StopAsync"/> or <see cref="KillAsync"/>.</summary>
    public async Task StartAgainAsync()
    {
        _process = Namespace.Start(ToolPaths.Operator, [
            "node", .. _options.Mode, "--state-dir", StateDirectory, "--socket", Socket,
            "--criu-config", _options.CriuConfiguration, .. Installing, .. NoMachineSources.Arguments, .. _options.Arguments]);
        await Eventually.HoldsAsync(AnswersAsync, what: "the agent answers on its socket");
    }

    /// <summary>Ends the agent as systemd does. Returns the exit code.</summary>
    public Task<int> StopAsync() => Process.StopAsync();

    /// <summary>Ends the agent as a crash does.</summary>
    public Task KillAsync() => Process.KillAsync();

    public Task<CommandResult> InstallHookAsync() => Namespace.RunAsync(
        ToolPaths.Operator, "node", "install-hook", "--criu-config", _options.CriuConfiguration, "--agent", Socket, "--hook-dir", HookDirectory);

    public Task<CommandResult> UninstallHookAsync() => Namespace.RunAsync(
        ToolPaths.Operator, "node", "uninstall-hook", "--criu-config", _options.CriuConfiguration, "--hook-dir", HookDirectory);

    /// <summary>Runs the command line inside, on the agent socket.</summary>
    public Task<CommandResult> RunCliAsync(string command, params IEnumerable<string> arguments) =>
        Namespace.RunAsync(ToolPaths.Cli, [command, "--socket", Socket, .. arguments]);

    public Task<AgentClient> ConnectAsync() => AgentClient.ConnectAsync(Namespace, Socket);

    public Task<JsonElement> StatusAsync() => AskAsync(new { op = "status" });

    public Task<JsonElement> HistoryAsync() => AskAsync(new { op = "history" });

    public Task<JsonElement> ForceAsync(uint minimum = 0) => AskAsync(new { op = "force", minimumGeneration = minimum });

    public Task<JsonElement> WaitWatchersAsync(uint generation, TimeSpan timeout) =>
        AskAsync(new { op = "wait-watchers", generation, timeoutMs = (long)timeout.TotalMilliseconds });

    public Task<JsonElement> ProveGateAsync() => AskAsync(new { op = "prove-gate" });

    public async Task<JsonElement> AskAsync(object request)
    {
        await using var client = await ConnectAsync();
        return await client.AskAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }

    private string[] Installing => _options.AgentInstallsHook ? ["--install-hook", "--hook-dir", HookDirectory] : [];

    private async Task<bool> AnswersAsync()
    {
        if (Process.HasExited)
            throw new InvalidOperationException($"The agent exited with {Process.ExitCode}:\n{Process.Output}{Process.Errors}");
        try
        {
            return (await StatusAsync()).GetProperty("ok").GetBoolean();
        }
        catch (EndOfStreamException)
        {
            return false;
        }
    }
}
