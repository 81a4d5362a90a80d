namespace SysGenId.Operator.Node.Sources;

/// <summary>
/// Something that says that the world of this node was restored. Loop thread only. A source reports to what it was made
/// with, decides nothing about the generation, and never ends the agent: what goes wrong is its state.
/// </summary>
internal interface IEventSource : IDisposable
{
    /// <summary>One of <see cref="SourceNames"/>.</summary>
    string Name { get; }

    /// <summary>Whether its events are noticed.</summary>
    SourceState State { get; }

    /// <summary>Raised when <see cref="State"/> is another.</summary>
    event Action? Changed;

    /// <summary>Begins to listen. What happened while no agent did is reported before this returns, as far as the source knows.</summary>
    void Start();
}
