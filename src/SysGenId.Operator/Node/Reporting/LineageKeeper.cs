using Microsoft.Extensions.Logging;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;
using SysGenId.Operator.Node.Ports;

namespace SysGenId.Operator.Node.Reporting;

/// <summary>Looks whether somebody else reports as this node, has the agent go past him, and tells people.</summary>
internal sealed class LineageKeeper(string node, NodePort port, OwnObject own, Lineage lineage, NodeEvents events, EventRecorder recorder, ILogger log)
{
    /// <summary>Looks at the object, before it is written.</summary>
    public async Task LookAsync(SystemGeneration present, CancellationToken stop)
    {
        // What is there before this agent's first report is its predecessor's, and so is what that had seen.
        if (!own.HasReported)
        {
            if (Contention(present) is { } inherited) lineage.Inherit(inherited);
            return;
        }

        var isOver = false;
        if (own.ReportOfOthers(present) is { } report) await SeeAsync(present, report, stop).ConfigureAwait(false);
        else isOver = lineage.SeeNone();
        if (lineage.TakeReached() is { } reached && await port.GoPastAsync(reached, stop).ConfigureAwait(false) is { } fault) log.NotGonePast(node, reached, fault);
        if (!isOver) return;
        lineage.End();
        log.LineageIsOne(node);
    }

    private async Task SeeAsync(SystemGeneration present, ForeignReport report, CancellationToken stop)
    {
        var isNameOurs = Guid.TryParse(report.Id, out var name) && await port.KnowsAsync(name, stop).ConfigureAwait(false);
        if (!lineage.See(report, isNameOurs)) return;
        log.AnotherLineage(node, report.Generation, report.Id);
        var message = lineage.Conflict!;
        recorder.Record(new ClusterEvent(EventSubject.Of(present), EventSeverity.Warning, OccurrenceReasons.AnotherLineage, message));
        events.Tell(new Occurrence(OccurrenceReasons.AnotherLineage, IsWarning: true, message, PodUid: null));
    }

    private static string? Contention(SystemGeneration present) =>
        present.Status?.Conditions?.FirstOrDefault(condition => condition is { Type: ConditionTypes.NodeUnique, Status: "False" })?.Message;
}
