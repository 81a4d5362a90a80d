using SysGenId.TestSupport;

namespace SysGenId.Checkpoint.Tests;

/// <summary>
/// A host with processes and mounts of its own, and on it the agent as in a container: it shares the processes, and the
/// directories that its pod mounts, but not the host's programs. The host does what it is told on its standard input.
/// </summary>
internal sealed class AgentInContainer : IAsyncDisposable
{
    /// <summary>Where the host has its CRIU, once it has one.</summary>
    public const string Criu = "/opt/tools/criu";

    // $1 scratch directory, $2 hook, $3 operator and the agent's further arguments.
    private const string Host = """
        set -e
        mount -t tmpfs host "$1"
        cp -a /etc "$1/etc"
        rm -rf "$1/etc/criu"
        mkdir "$1/etc/criu"
        mount --bind "$1/etc" /etc
        mount -t tmpfs host /run
        mount -t tmpfs host /opt
        mkdir -p /run/sysgenid /opt/sysgenid/bin /opt/tools
        hook=$2
        shift 2
        unshare --mount --propagation private sh -ec '
            mount -t tmpfs container /opt/tools
            exec "$@" --state-dir /run/state' sh "$1" node --standalone --install-hook --hook-binary "$hook" --criu /opt/tools/criu "${@:2}" &
        agent=$!
        echo "ready"
        while read -r line; do eval "$line" || echo "failed: $line"; done
        """;

    private readonly TemporaryDirectory _directory = TemporaryDirectory.OnDisk();
    private readonly ChildProcess _host;

    private AgentInContainer(IReadOnlyList<string> arguments) => _host = ChildProcess.Start("unshare", [
        "--pid", "--fork", "--kill-child", "--mount-proc", "--mount", "--propagation", "private", "bash", "-c", Host, "bash",
        _directory.CreateDirectory("host"), ToolPaths.CriuHook, ToolPaths.Operator, .. arguments]);

    /// <summary>What agent and host have printed.</summary>
    public string Output => _host.Output + _host.Errors;

    /// <summary>Starts host and agent.</summary>
    public static AgentInContainer Start(params IReadOnlyList<string> arguments)
    {
        Requires.CheckpointTools();
        Requires.PublishedPrograms();
        return new AgentInContainer(arguments);
    }

    /// <summary>Has the host run a shell command.</summary>
    public async Task RunOnHostAsync(string command)
    {
        await _host.Input.WriteLineAsync(command);
        await _host.Input.FlushAsync();
    }

    /// <summary>Waits until that was printed.</summary>
    public async Task PrintsAsync(string text)
    {
        try
        {
            await Eventually.HoldsAsync(() => Output.Contains(text, StringComparison.Ordinal), what: $"'{text}' is printed");
        }
        catch (TimeoutException mistake)
        {
            throw new TimeoutException($"{mistake.Message}\n{_host.Evidence}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }
}
