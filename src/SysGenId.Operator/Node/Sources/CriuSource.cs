using SysGenId.Operator.Node.Gate;

namespace SysGenId.Operator.Node.Sources;

/// <summary>CRIU's gate as a source among the others; its events go the way of restores, which hold a container until it is told.</summary>
internal sealed class CriuSource(GateKeeper gate) : IEventSource
{
    public string Name => SourceNames.Criu;

    public SourceState State => new(gate.Status.IsProven ? SourceReason.Active : SourceReason.GateNotProven, gate.Status.Message);

    public event Action? Changed
    {
        add => gate.Changed += value;
        remove => gate.Changed -= value;
    }

    public void Start() => gate.Start();

    /// <summary>The gate ends with the agent, not with its view.</summary>
    public void Dispose()
    {
    }
}
