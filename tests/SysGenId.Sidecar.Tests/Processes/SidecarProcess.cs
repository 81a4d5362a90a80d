using SysGenId.Core;
using SysGenId.Sidecar.Tests.Fixture;
using SysGenId.TestSupport;

namespace SysGenId.Sidecar.Tests.Processes;

/// <summary>The sidecar as it is shipped, started by hand in a directory that outlives it.</summary>
internal sealed class SidecarProcess : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private ChildProcess? _process;

    public SidecarProcess()
    {
        if (!File.Exists(ToolPaths.Sidecar)) Assert.Skip($"needs {ToolPaths.Sidecar}: run eng/publish.sh {ToolPaths.Published}");
        Agent = new FakeAgent(AgentPath);
    }

    public FakeAgent Agent { get; }

    public string Root => _directory.Path;

    public string Directory => _directory.File("pod");

    public string AgentPath => _directory.File("agent.sock");

    public string PagePath => Path.Combine(Directory, SystemPaths.PageName);

    public string WatchPath => Path.Combine(Directory, SystemPaths.WatchSocketName);

    public ChildProcess Process => _process!;

    /// <summary>Starts it and takes its registration.</summary>
    public AgentSide Start()
    {
        _process = ChildProcess.Start(ToolPaths.Sidecar, "--dir", Directory, "--agent", AgentPath, "--log-level", "warning");
        return Agent.AcceptRegistered();
    }

    /// <summary>Starts it as nobody, without capabilities, and takes its registration.</summary>
    public AgentSide StartUnprivileged() => StartAs("65534", ":");

    /// <summary>Starts it with a uid and gid, without capabilities, behind a command of the shell, and takes its registration.</summary>
    public AgentSide StartAs(string user, string before)
    {
        _process = ChildProcess.Start(
            "sh", "-c", before + "; exec setpriv --reuid \"$0\" --regid \"$0\" --clear-groups --no-new-privs \"$@\"", user, ToolPaths.Sidecar,
            "--dir", Directory, "--agent", AgentPath, "--log-level", "warning");
        return Agent.AcceptRegistered();
    }

    /// <summary>Runs it to its end, in a directory given or its own.</summary>
    public Task<CommandResult> RunAsync(string? directory = null) =>
        ChildProcess.RunAsync(ToolPaths.Sidecar, "--dir", directory ?? Directory, "--agent", AgentPath);

    /// <summary>A number of <c>/proc/PID/status</c>, summed over its threads.</summary>
    public long Status(string name) =>
        System.IO.Directory.GetDirectories($"/proc/{Process.Id}/task").Sum(task => Number(Path.Combine(task, "status"), name));

    /// <summary>Resident memory in KiB.</summary>
    public long ResidentKiB() => Number($"/proc/{Process.Id}/status", "VmRSS");

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        Agent.Dispose();
        _directory.Dispose();
    }

    private static long Number(string path, string name)
    {
        var line = File.ReadLines(path).First(line => line.StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line.Split((char[])[':', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)[1]);
    }
}
