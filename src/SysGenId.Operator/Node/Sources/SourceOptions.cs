using SysGenId.Core;

namespace SysGenId.Operator.Node.Sources;

/// <summary>Where an agent listens for restores of its machine. Immutable; check <see cref="Faults"/> before use.</summary>
internal sealed record SourceOptions
{
    /// <summary>The word that switches a source off.</summary>
    public const string None = "none";

    /// <summary>The kernel's log, an absolute path; null: leave it alone.</summary>
    public string? KernelLog { get; init; } = SystemPaths.KernelLog;

    /// <summary>The page a hypervisor shares, an absolute path; null: leave it alone.</summary>
    public string? VmClock { get; init; } = SystemPaths.VmClock;

    /// <summary>The kernel's own device, an absolute path; null: leave it alone.</summary>
    public string? Device { get; init; } = SystemPaths.Device;

    /// <summary>How often a vmclock that cannot notify is looked at: 100 ms to 1 min.</summary>
    public TimeSpan VmClockInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether a disruption of the machine's time that is not known to have made a copy bumps, too.</summary>
    public bool BumpsOnDisruption { get; init; }

    /// <summary>Everything that is wrong, each a sentence; empty when the options can be used.</summary>
    public IEnumerable<string> Faults()
    {
        foreach (var (name, path) in new[] { ("--kernel-log", KernelLog), ("--vmclock", VmClock), ("--sysgenid-device", Device) })
        {
            if (path is not null && !Path.IsPathFullyQualified(path)) yield return $"{name} must be an absolute path, or {None}.";
        }

        if (VmClockInterval < TimeSpan.FromMilliseconds(100) || VmClockInterval > TimeSpan.FromMinutes(1)) yield return "--vmclock-interval must be from 100ms to 1m.";
    }
}
