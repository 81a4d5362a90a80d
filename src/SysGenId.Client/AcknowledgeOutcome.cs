namespace SysGenId.Client;

/// <summary>What became of an acknowledgement (S09).</summary>
public enum AcknowledgeOutcome
{
    /// <summary>The value is the current generation: the watcher is up to date, now or already before.</summary>
    Acknowledged,

    /// <summary>The value is not the current generation and nothing changed: handle the newer one. EINVAL of the kernel device.</summary>
    NotCurrent,
}
