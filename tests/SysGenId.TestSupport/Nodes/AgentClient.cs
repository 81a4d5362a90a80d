using System.Text.Json;
using SysGenId.TestSupport.Containers;
using SysGenId.TestSupport.Programs;

namespace SysGenId.TestSupport.Nodes;

/// <summary>
/// One connection to an agent socket, made by a process in the agent's own mount namespace: the agent speaks with
/// nobody else, and on a machine that hides the namespaces of process 1 not even with the tests outside.
/// </summary>
internal sealed class AgentClient : IAsyncDisposable
{
    private readonly ChildProcess _relay;
    private int _received;

    private AgentClient(ChildProcess relay) => _relay = relay;

    public static async Task<AgentClient> ConnectAsync(CheckpointNamespace inside, string socket) =>
        new(inside.StartUntracked(await StaticProgram.CompileAsync("tests/SysGenId.TestSupport/Nodes/relay.c"), socket));

    /// <summary>Sends a request and returns the next line that arrives.</summary>
    /// <exception cref="EndOfStreamException">Nobody listens, or the server closed the connection instead.</exception>
    public async Task<JsonElement> AskAsync(object request, TimeSpan? within = null)
    {
        try
        {
            await _relay.Input.WriteLineAsync(JsonSerializer.Serialize(request));
            await _relay.Input.FlushAsync();
        }
        catch (IOException)
        {
            // It is gone; what it had to say follows.
        }

        var line = _received++;
        await Eventually.HoldsAsync(() => Lines.Length > line || _relay.HasExited, within, $"the agent answers {request}");
        if (Lines.Length <= line)
            await _relay.ExitAsync();
        return Lines.Length > line ? JsonElement.Parse(Lines[line]) : throw new EndOfStreamException(_relay.Errors);
    }

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    private string[] Lines => _relay.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
