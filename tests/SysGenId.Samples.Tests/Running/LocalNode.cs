using SysGenId.TestSupport;

namespace SysGenId.Samples.Tests.Running;

/// <summary>An agent of this user's, as samples/start-node.sh starts it, for the tests of one class. It needs no root and no CRIU.</summary>
public sealed class LocalNode : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private ChildProcess? _agent;
    private int _pods;

    internal string Socket => _directory.File("node.sock");

    public async ValueTask InitializeAsync()
    {
        Requires.PublishedPrograms();
        _agent = ChildProcess.Start(ToolPaths.Operator, [
            "node", "--standalone", "--socket", Socket, "--state-dir", _directory.File("state"), "--criu-config", _directory.File("criu.conf"),
            .. TestSupport.Nodes.NoMachineSources.Arguments]);
        await Eventually.HoldsAsync(async () => (await RunAsync("status")).ExitCode == 0, what: "the agent answers");
    }

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null) await _agent.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>A pod's directory with its sidecar.</summary>
    internal async Task<LocalPod> StartPodAsync()
    {
        var pod = new LocalPod(this, _directory.File($"pod-{Interlocked.Increment(ref _pods)}"));
        await pod.StartSidecarAsync();
        return pod;
    }

    /// <summary>Does what a restore would do, as a user does it.</summary>
    internal async Task BumpAsync() => (await RunAsync("bump")).OrThrow();

    private Task<CommandResult> RunAsync(string command) => ChildProcess.RunAsync(ToolPaths.Cli, command, "--socket", Socket);
}
