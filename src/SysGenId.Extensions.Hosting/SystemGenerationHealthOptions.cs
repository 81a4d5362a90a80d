namespace SysGenId.Extensions.Hosting;

/// <summary>When an application is less than healthy because of the system generation.</summary>
public sealed record SystemGenerationHealthOptions
{
    /// <summary>How long a generation may be unhandled before the application is degraded. 0 to 1 day, default 10 s.</summary>
    public TimeSpan OutdatedThreshold { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>After how many failures in a row of a handler the application is unhealthy. At least 1, default 3.</summary>
    public int FailuresUntilUnhealthy { get; set; } = 3;

    /// <summary>
    /// Whether the application is degraded on a node whose gate is not proven to work (S27). Default true; false where
    /// containers are never restored and only the machine may be.
    /// </summary>
    public bool RequireProvenGate { get; set; } = true;
}
