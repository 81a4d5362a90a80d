using Microsoft.Extensions.Logging;
using SysGenId.Core.Generations;
using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.Peers;

namespace SysGenId.Operator.Node.Checkpoints;

/// <summary>
/// What the hook left while the agent was away (S25): one file for each restore it let through or refused. Each becomes
/// a line of history; those let through are caught up with.
/// </summary>
internal sealed class MissedRestores(string directory, GenerationPublisher publisher, ILogger log)
{
    private const uint DirectoryMode = 0x1C0; // 0700: only root's hook writes here

    /// <summary>Makes the place where the hook leaves its files.</summary>
    public void Prepare() => Files.CreateDirectory(directory, DirectoryMode);

    /// <summary>Books what is there and removes it.</summary>
    /// <returns>The last change it made, for delivery; null when there was nothing to catch up with.</returns>
    public GenerationChange? Book()
    {
        GenerationChange? last = null;
        foreach (var file in Directory.EnumerateFiles(directory).Order().ToArray())
        {
            if (Files.TryReadAll(file, MissedRestore.MaximumLength, out _) is { } bytes && MissedRestore.TryParse(bytes) is { } missed) last = Book(missed) ?? last;
            Files.Remove(file);
        }

        return last;
    }

    private GenerationChange? Book(MissedRestore missed)
    {
        log.RestoreMissed(missed.IsRefused ? "refused" : "let through", missed.Reason);
        var container = CgroupPath.Parse(missed.Cgroups);
        var draft = publisher.Draft(GenerationCause.ContainerRestored) with
        {
            Outcome = missed.IsRefused ? ChangeOutcome.Refused : ChangeOutcome.Missed,
            Message = missed.Reason,
            Minimum = missed.Record?.Generation is { } recorded and < uint.MaxValue ? recorded + 1 : null,
            Container = container?.ContainerId ?? missed.Record?.Container,
            Pod = container?.PodUid ?? missed.Record?.PodUid,
        };
        if (!missed.IsRefused) return publisher.TryBump(draft, out _);
        publisher.Node.Remember(draft with { Generation = publisher.Node.Current.Generation });
        publisher.RecordSoon();
        return null;
    }
}
