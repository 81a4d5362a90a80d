using System.Text.Json;
using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Conformance.Tests.Sockets;

/// <summary>One connection to the control socket, for whoever comes, one after the other.</summary>
internal sealed class ControlClient(string path) : IDisposable
{
    private readonly JsonLineClient _client = JsonLineClient.Connect(path);
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>How an answer reads in the words of a device.</summary>
    public static Outcome OutcomeOf(JsonElement answer) => answer.GetProperty("ok").GetBoolean()
        ? Outcome.Success
        : answer.GetProperty("error").GetString() switch
        {
            "interrupted" => Outcome.Interrupted,
            "timed-out" => Outcome.TimedOut,
            "permission-denied" => Outcome.Denied,
            "generation-exhausted" => Outcome.Exhausted,
            "unsupported-operation" or "invalid-argument" => Outcome.Invalid,
            var other => throw new InvalidDataException($"no outcome is called {other}"),
        };

    public async Task<JsonElement> AskAsync(object request)
    {
        await _turn.WaitAsync();
        try
        {
            return await _client.AskAsync(request);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _turn.Dispose();
    }
}
