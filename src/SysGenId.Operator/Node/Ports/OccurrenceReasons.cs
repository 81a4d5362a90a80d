namespace SysGenId.Operator.Node.Ports;

/// <summary>What happens on a node besides changes of its generation. Stable: the reasons of Events.</summary>
internal static class OccurrenceReasons
{
    /// <summary>A restore that could not be published in time was refused (S25).</summary>
    public const string RestoreRefused = "RestoreRefused";

    /// <summary>A restore went on without being published in time (S25).</summary>
    public const string RestoreMissed = "RestoreMissed";

    /// <summary>CRIU on this node no longer reaches the agent (S27).</summary>
    public const string GateLost = "GateLost";

    /// <summary>CRIU on this node reaches the agent (S27).</summary>
    public const string GateProven = "GateProven";

    /// <summary>The last number is reached; nothing moves any more (S02).</summary>
    public const string GenerationExhausted = "GenerationExhausted";

    /// <summary>The machine's time was disrupted, by a live migration for one; the generation did not move.</summary>
    public const string MachineDisrupted = "MachineDisrupted";

    /// <summary>The object asks for something that the agent does not take.</summary>
    public const string InvalidSpec = "InvalidSpec";

    /// <summary>Somebody else reports as this node.</summary>
    public const string AnotherLineage = "AnotherLineage";
}
