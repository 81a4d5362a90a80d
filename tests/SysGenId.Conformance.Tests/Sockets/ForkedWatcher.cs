using System.Globalization;
using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.Core.Linux;
using SysGenId.TestSupport;

namespace SysGenId.Conformance.Tests.Sockets;

/// <summary>A program in Python that connects to the watch socket and forks: the connection is both processes'.</summary>
internal sealed class ForkedWatcher : IForkedProgram
{
    // Both end with their input, and so with the tests at the latest.
    private const string Program = """
        import os, socket, sys
        s = socket.socket(socket.AF_UNIX)
        s.connect(sys.argv[1])
        s.recv(4)
        child = os.fork()
        if child: print(child, flush=True)
        sys.stdin.read()
        """;

    private readonly ChildProcess _parent;
    private readonly int _child;

    private ForkedWatcher(ChildProcess parent, int child) => (_parent, _child) = (parent, child);

    public static async Task<ForkedWatcher> StartAsync(string watchPath)
    {
        Requires.Program("python3");
        var parent = ChildProcess.Start("python3", "-c", Program, watchPath);
        await Eventually.HoldsAsync(() => parent.Output.EndsWith('\n') || parent.HasExited, what: "the program forks");
        return new ForkedWatcher(parent, int.Parse(parent.Output, CultureInfo.InvariantCulture));
    }

    // Not until the end of its output: its child has that still.
    public Task KillParentAsync()
    {
        _parent.Send(Signal.Kill);
        return Eventually.HoldsAsync(() => _parent.HasExited);
    }

    public async Task KillChildAsync()
    {
        using var process = PidFd.TryOpen(_child, out _);
        if (process is null) return;
        PidFd.Signal(process, (int)Signal.Kill);
        await Eventually.HoldsAsync(() => PidFd.HasExited(process));
    }

    public async ValueTask DisposeAsync()
    {
        await KillChildAsync();
        await _parent.DisposeAsync();
    }
}
