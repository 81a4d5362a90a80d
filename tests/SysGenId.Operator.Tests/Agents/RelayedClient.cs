using System.Text.Json;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Programs;

namespace SysGenId.Operator.Tests.Agents;

/// <summary>A connection of a process of its own: of another user, in other cgroups or namespaces.</summary>
internal sealed class RelayedClient : ILineClient
{
    private readonly ChildProcess _relay;
    private int _received;
    private bool _disposed;

    private RelayedClient(ChildProcess relay) => _relay = relay;

    /// <summary>The connected process.</summary>
    public int ProcessId => _relay.Id;

    /// <summary>Connects as a user from within cgroups.</summary>
    /// <param name="socket">The agent's socket.</param>
    /// <param name="user">The uid.</param>
    /// <param name="cgroups">The <c>cgroup.procs</c> files of the cgroups it enters.</param>
    /// <param name="wrapper">A program with its arguments that starts it, such as <c>unshare -m</c>.</param>
    public static async Task<RelayedClient> ConnectAsync(
        string socket, uint user = 0, IEnumerable<string>? cgroups = null, params string[] wrapper)
    {
        var program = await StaticProgram.CompileAsync("tests/SysGenId.Operator.Tests/Programs/relay.c");
        string[] all = [.. wrapper, program, socket, $"{user}", .. cgroups ?? []];
        return new RelayedClient(ChildProcess.Start(all[0], all[1..]));
    }

    public async Task<JsonElement> AskAsync(object request)
    {
        await SendAsync(request);
        return await ReceiveAsync();
    }

    public async Task SendAsync(object message)
    {
        await _relay.Input.WriteAsync(JsonSerializer.Serialize(message) + "\n");
        await _relay.Input.FlushAsync();
    }

    public async Task<JsonElement> ReceiveAsync()
    {
        var index = _received++;
        var line = await Eventually.ReturnsAsync(
            () => _relay.Output.Split('\n')[..^1].ElementAtOrDefault(index), what: "the agent answers the relay");
        return JsonElement.Parse(line);
    }

    /// <summary>Waits until the agent has closed the connection.</summary>
    public Task ClosedAsync() => _relay.ExitAsync();

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _relay.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
