namespace SysGenId.Operator.Control;

/// <summary>What a controller knows of its cluster at one moment.</summary>
internal sealed record ControllerGauges
{
    /// <summary>This replica holds the lease.</summary>
    public required bool IsLeader { get; init; }

    /// <summary>SystemGenerations by their condition AgentReady: <c>True</c>.</summary>
    public required int NodesReady { get; init; }

    /// <summary>The same, <c>False</c>.</summary>
    public required int NodesNotReady { get; init; }

    /// <summary>The same, <c>Unknown</c> or without the condition.</summary>
    public required int NodesUnknown { get; init; }

    /// <summary>Watchers of all nodes, as last reported.</summary>
    public required long Watchers { get; init; }

    /// <summary>Those of them that have not acknowledged their generation.</summary>
    public required long OutdatedWatchers { get; init; }

    /// <summary>When the webhook's serving certificate ends; null while there is none.</summary>
    public required DateTimeOffset? CertificateExpiry { get; init; }
}
