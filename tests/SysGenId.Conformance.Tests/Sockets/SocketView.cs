using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Conformance.Tests.Sockets;

/// <summary>A pod by its page and its control socket.</summary>
internal sealed class SocketView(string directory) : IGateView
{
    private readonly ControlClient _control = new(Path.Join(directory, "control.sock"));

    public uint Generation => CounterPageFile.ReadGeneration(Path.Join(directory, "generation"));

    public Guid Id => CounterPageFile.ReadId(Path.Join(directory, "generation"));

    public async Task<Change> ForceAsync(uint minimum)
    {
        var answer = await _control.AskAsync(new { op = "force", minimumGeneration = minimum });
        return new Change(ControlClient.OutcomeOf(answer), answer.GetProperty("generation").GetUInt32());
    }

    public async Task<bool> IsGateProvenAsync() => (await _control.AskAsync(new { op = "get" })).GetProperty("gateProven").GetBoolean();

    public ValueTask DisposeAsync()
    {
        _control.Dispose();
        return ValueTask.CompletedTask;
    }
}
