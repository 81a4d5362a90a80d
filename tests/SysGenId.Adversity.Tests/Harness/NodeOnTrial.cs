using System.Net.Sockets;
using System.Text.Json;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Containers;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Adversity.Tests.Harness;

/// <summary>
/// The agent as it is shipped, on directories and cgroups of its own, to be killed, lied to and started again. No CRIU
/// and no gate: hook calls are played by <see cref="HookCall"/>.
/// </summary>
internal sealed class NodeOnTrial : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly CgroupTree _cgroups = new();
    private readonly List<IAsyncDisposable> _owned = [];

    private NodeOnTrial()
    {
    }

    private string[] Command =>
    [
        ToolPaths.Operator, "node", "--standalone", "--state-dir", StateDirectory, "--socket", Socket,
        "--criu-config", _directory.File("criu/default.conf"), "--criu", "/nonexistent/criu",
        "--publish-timeout", $"{PublishTimeout.TotalMilliseconds}ms", .. NoMachineSources.Arguments, .. Arguments,
    ];

    /// <summary>Short, so that a test of a silent sidecar is, and long enough for an agent to be started again.</summary>
    public TimeSpan PublishTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Further arguments of the agent.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Shell commands that run before the agent in a mount namespace of its own; empty: in that of the tests.</summary>
    public string Setup { get; set; } = "";

    /// <summary>A program and its arguments that start the agent; empty: it is started directly.</summary>
    public IReadOnlyList<string> Prefix { get; set; } = [];

    public string Directory => _directory.Path;

    /// <summary>What a reboot empties: socket, page, policy and missed restores.</summary>
    public string RunDirectory => _directory.File("run");

    public string StateDirectory => _directory.File("state");

    public string StateFile => Path.Combine(StateDirectory, "state.json");

    public string Socket => Path.Combine(RunDirectory, "node.sock");

    public string PagePath => Path.Combine(RunDirectory, "generation");

    public string MissedDirectory => Path.Combine(RunDirectory, "missed");

    /// <summary>The agent's process, of the last start.</summary>
    public ChildProcess Process { get; private set; } = null!;

    /// <summary>What starts a program in the agent's mount namespace, which is the host's as far as the agent is concerned; empty when the tests are in it.</summary>
    public IReadOnlyList<string> Inside => Setup.Length == 0 || Process.HasExited ? [] : ["nsenter", "-t", $"{Process.Id}", "-m"];

    /// <summary>The generation on the node's own page.</summary>
    public uint Generation => CounterPageFile.ReadGeneration(PagePath);

    /// <summary>The name of the generation on the node's own page.</summary>
    public Guid Id => CounterPageFile.ReadId(PagePath);

    /// <summary>Everything the agent has logged since its last start.</summary>
    public string Log => Process.Output + Process.Errors;

    /// <summary>A node whose agent does not run yet.</summary>
    public static NodeOnTrial Create(params IReadOnlyList<string> arguments)
    {
        Requires.PrivateMounts();
        Requires.PublishedPrograms();
        return new NodeOnTrial { Arguments = arguments };
    }

    /// <summary>A node whose agent answers.</summary>
    public static async Task<NodeOnTrial> StartAsync(params IReadOnlyList<string> arguments)
    {
        var node = Create(arguments);
        await node.StartAgentAsync();
        return node;
    }

    /// <summary>Starts the agent on what it left; returns when it answers.</summary>
    public async Task StartAgentAsync()
    {
        BeginAgent();
        await Eventually.HoldsAsync(AnswersAsync, what: "the agent answers");
    }

    /// <summary>Starts the agent where it will not serve, and returns its exit code.</summary>
    public async Task<int> FailToStartAgentAsync()
    {
        BeginAgent();
        await Process.ExitAsync();
        return Process.ExitCode;
    }

    /// <summary>Runs a second agent on the same directories to its end.</summary>
    public async Task<CommandResult> RunRivalAsync()
    {
        var command = Command;
        return await ChildProcess.RunAsync(command[0], command[1..]);
    }

    /// <summary>Kills the agent; what is on disk and in memory stays.</summary>
    public Task KillAgentAsync() => Process.KillAsync();

    /// <summary>Kills the agent, and loses what a machine loses that loses its power.</summary>
    public async Task LosePowerAsync()
    {
        await KillAgentAsync();
        System.IO.Directory.Delete(RunDirectory, recursive: true);
    }

    /// <summary>A pod whose sidecar the agent knows.</summary>
    public async Task<PodOnTrial> StartPodAsync(params IReadOnlyList<string> arguments)
    {
        var pod = CreatePod(arguments);
        await pod.StartSidecarAsync();
        await pod.IsConnectedAsync();
        return pod;
    }

    /// <summary>A pod whose sidecar does not run.</summary>
    public PodOnTrial CreatePod(params IReadOnlyList<string> arguments)
    {
        var pod = new PodOnTrial(this, new PodUnderTest(_cgroups), arguments);
        _owned.Add(pod);
        return pod;
    }

    /// <summary>A pod whose sidecar does not run, with cgroups of some form and perhaps a UID that a test chose.</summary>
    public PodOnTrial CreatePodIn(Func<string, string, string> form, string? uid = null)
    {
        var pod = new PodOnTrial(this, new PodUnderTest(_cgroups, uid, form), []);
        _owned.Add(pod);
        return pod;
    }

    /// <summary>A name inside the directory that nothing else has.</summary>
    public string UniquePath(string stem) => _directory.File($"{stem}-{Guid.NewGuid():N}"[..(stem.Length + 7)]);

    /// <summary>A connection from the tests.</summary>
    public JsonLineClient Connect() => JsonLineClient.Connect(Socket);

    /// <summary>Asks the agent as root of the host.</summary>
    public async Task<JsonElement> AskAsync(object request)
    {
        if (Inside.Count > 0)
        {
            await using var speaker = await Speaker.ThroughAsync(Socket, Inside);
            return await speaker.AskAsync(request);
        }

        using var client = Connect();
        return await client.AskAsync(request);
    }

    public Task<JsonElement> StatusAsync() => AskAsync(new { op = "status" });

    public Task<JsonElement> HistoryAsync() => AskAsync(new { op = "history" });

    /// <summary>Forces a bump that must succeed, and returns the generation answered.</summary>
    public async Task<uint> ForceAsync(uint minimum = 0)
    {
        var answer = await AskAsync(new { op = "force", minimumGeneration = minimum });
        Assert.True(answer.GetProperty("ok").GetBoolean(), $"force: {answer}");
        return answer.GetProperty("generation").GetUInt32();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in _owned)
            await owned.DisposeAsync();
        if (Process is not null)
            await Process.DisposeAsync();
        await _cgroups.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>Keeps something until the node is disposed of.</summary>
    public T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    private void BeginAgent() => Process = Setup.Length == 0
        ? ChildProcess.Start("env", [.. Prefix, .. Command])
        : ChildProcess.Start("unshare", ["-m", "--propagation", "private", "sh", "-ec", Setup + "\nexec \"$@\"", "sh", .. Command]);

    private async Task<bool> AnswersAsync()
    {
        if (Process.HasExited)
            throw new InvalidOperationException($"The agent exited with {Process.ExitCode}:\n{Log}");
        if (!File.Exists(Socket))
            return false;
        try
        {
            return (await StatusAsync()).GetProperty("ok").GetBoolean();
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return false;
        }
    }
}
