using SysGenId.Operator.Api;
using SysGenId.Operator.Node.Ports;

namespace SysGenId.Operator.Node.Reporting;

/// <summary>
/// Reads what an object asks: pure. The API server checks it first; what slips through, as when the definition is an older
/// one, must not reach the agent, and the setting before holds.
/// </summary>
internal static class SpecReader
{
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(60);

    /// <summary>Reads an object.</summary>
    /// <param name="wanted">The object.</param>
    /// <param name="before">What is in force.</param>
    /// <param name="installation">The agent's, see <see cref="Cluster.Installation"/>; null when it does not know.</param>
    public static SpecReading Read(SystemGeneration wanted, NodeSpec before, string? installation = null)
    {
        var faults = new List<string>();
        var spec = wanted.Spec ?? new SystemGenerationSpec();
        return new SpecReading(
            new NodeSpec
            {
                MinimumGeneration = Minimum(spec.MinimumGeneration, before.MinimumGeneration, faults),
                RestoreScope = Choice(spec.RestoreScope, "restoreScope", before.RestoreScope, faults),
                RestoreFailurePolicy = Choice(spec.RestoreFailurePolicy, "restoreFailurePolicy", before.RestoreFailurePolicy, faults),
                PublishTimeout = Timeout(spec.PublishTimeout, before.PublishTimeout, faults),
                IsUninstallRequested = Annotation(wanted) is { } request && (request == ApiNames.UninstallRequested || request == installation),
            },
            faults);
    }

    private static uint? Minimum(long? wanted, uint? before, List<string> faults)
    {
        if (wanted is null or (>= 0 and <= uint.MaxValue)) return (uint?)wanted;
        faults.Add($"spec.minimumGeneration must be from 0 to {uint.MaxValue}, not {wanted}.");
        return before;
    }

    private static T? Choice<T>(string? wanted, string field, T? before, List<string> faults)
        where T : struct, Enum
    {
        if (wanted is null) return null;

        // By name alone: the parser would take a number, too.
        if (Enum.GetNames<T>().Contains(wanted, StringComparer.Ordinal)) return Enum.Parse<T>(wanted);
        faults.Add($"spec.{field} must be {string.Join(" or ", Enum.GetNames<T>())}, not '{wanted}'.");
        return before;
    }

    private static TimeSpan? Timeout(string? wanted, TimeSpan? before, List<string> faults)
    {
        if (wanted is null) return null;
        if (Duration.TryParse(wanted, out var timeout) && timeout >= _shortest && timeout <= _longest) return timeout;
        faults.Add($"spec.publishTimeout must be a duration from 10ms to 60s, not '{wanted}'.");
        return before;
    }

    private static string? Annotation(SystemGeneration wanted) => wanted.Metadata.Annotations?.TryGetValue(ApiNames.UninstallAnnotation, out var value) == true ? value : null;
}
