using SysGenId.TestSupport;
using SysGenId.TestSupport.Programs;

namespace SysGenId.Sidecar.Tests.Fixture;

/// <summary>Watchers in a process of their own, which the kernel tells apart from others.</summary>
internal sealed class WatchProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private int _connections;

    private WatchProcess(ChildProcess process) => _process = process;

    public int Id => _process.Id;

    /// <summary>One with so many connections.</summary>
    public static async Task<WatchProcess> StartAsync(SidecarUnderTest sidecar, int connections = 1)
    {
        Requires.Compiler();
        var program = await StaticProgram.CompileAsync("tests/SysGenId.Sidecar.Tests/Programs/watching.c");
        var process = new WatchProcess(ChildProcess.Start(program, sidecar.WatchPath));
        for (var connection = 0; connection < connections; connection++) await process.ConnectAsync();
        return process;
    }

    /// <summary>Connects once more.</summary>
    public async Task ConnectAsync()
    {
        await TellAsync("connect");
        _connections++;
        await Eventually.HoldsAsync(() => _process.Output.Split('\n').Length > _connections, what: "the process is connected");
    }

    /// <summary>Says on its newest connection what it handled.</summary>
    public Task SayAsync(uint handled) => TellAsync($"say {handled}");

    /// <summary>Connects once more and says what it handled.</summary>
    public async Task ReturnAsync(uint handled)
    {
        await ConnectAsync();
        await SayAsync(handled);
    }

    /// <summary>Ends, and leaves its connections to a child that nobody saw connect.</summary>
    public async Task LeaveAsync()
    {
        await TellAsync("leave");
        await Eventually.HoldsAsync(() => _process.HasExited, what: "the process has left");
    }

    public Task KillAsync() => _process.KillAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task TellAsync(string command)
    {
        await _process.Input.WriteAsync(command + "\n");
        await _process.Input.FlushAsync();
    }
}
