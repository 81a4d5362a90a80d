namespace SysGenId.Operator.Control.Leadership;

/// <summary>How replicas agree on the one that writes. Immutable; check <see cref="Faults"/> before use.</summary>
internal sealed record LeadershipOptions
{
    /// <summary>The namespace of the Lease.</summary>
    public string Namespace { get; init; } = "sysgenid-system";

    /// <summary>The Lease.</summary>
    public string Lease { get; init; } = "sysgenid-controller";

    /// <summary>Who this replica is: never the same twice, so that a restarted one does not take its predecessor's term for its own.</summary>
    public string Identity { get; init; } = $"{Environment.MachineName}_{Guid.NewGuid():N}";

    /// <summary>How long others wait for a leader that is silent: 3 s to 5 min, whole seconds.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a leader works on without a renewal. What is left of the lease is for requests on their way to end.</summary>
    public TimeSpan RenewDeadline => LeaseDuration * 2 / 3;

    /// <summary>The time between renewals, and between looks of those that wait.</summary>
    public TimeSpan RetryPeriod => LeaseDuration * 2 / 15;

    /// <summary>Everything that is wrong, each a sentence; empty when the options can be used.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (Lease.Length == 0) faults.Add("--lease must not be empty.");
        if (LeaseDuration < TimeSpan.FromSeconds(3) || LeaseDuration > TimeSpan.FromMinutes(5) || LeaseDuration.Ticks % TimeSpan.TicksPerSecond != 0)
            faults.Add("--lease-duration must be from 3s to 5m, in whole seconds.");
        return faults;
    }
}
