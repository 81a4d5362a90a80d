using k8s.Models;
using SysGenId.Core.Generations;
using SysGenId.Operator.Api;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.Sources;

namespace SysGenId.Operator.Node.Reporting;

/// <summary>
/// Makes the status of a node's object: pure. The same node gives the same status, so that one that is written already is
/// recognised; the agent's part only, <c>AgentReady</c> is the controller's.
/// </summary>
internal static class StatusComposer
{
    /// <summary>So many pods are named.</summary>
    public const int MostOutdatedPods = 10;

    private const int LongestMessage = 1024;

    public static SystemGenerationStatus Compose(StatusInputs inputs)
    {
        var node = inputs.Node;
        return new SystemGenerationStatus
        {
            ObservedGeneration = inputs.ObservedGeneration,
            Generation = node.Current.Generation,
            GenerationId = node.Current.Id.ToString(),
            LastChange = Change(node.Current, inputs),
            Watchers = node.Watchers,
            OutdatedWatchers = node.Outdated,
            OutdatedPods = OutdatedPods(inputs),
            Sidecars = node.Pods.Count,
            Sources = [.. node.Sources.Select(source => Source(source, inputs))],
            Conditions = [GateProven(inputs), SourcesReady(inputs), WatchersUpToDate(inputs), NodeUnique(inputs)],
        };
    }

    private static LastChange? Change(GenerationChange change, StatusInputs inputs)
    {
        if (change.Cause == GenerationCause.None) return null;
        var pod = inputs.PodNames.Find(change.Pod) ?? NameBefore(change, inputs.Before);
        return new LastChange
        {
            Cause = change.Cause.Name(),
            Time = Microseconds(change.TimeNs),
            Namespace = pod?.Namespace,
            Pod = pod?.Name ?? change.Pod,
            Container = string.IsNullOrEmpty(change.Container) ? null : change.Container,
        };
    }

    // A pod that is gone by now keeps the name that was reported.
    private static PodName? NameBefore(GenerationChange change, SystemGenerationStatus? before) =>
        before?.GenerationId == change.Id.ToString() && before.LastChange is { Namespace: { } space, Pod: { } name } ? new PodName(space, name) : null;

    private static List<string>? OutdatedPods(StatusInputs inputs)
    {
        var names = inputs.Node.Pods.Where(pod => pod.Outdated > 0)
            .Select(pod => inputs.PodNames.Find(pod.PodUid)?.ToString() ?? pod.Name)
            .Order(StringComparer.Ordinal)
            .Take(MostOutdatedPods)
            .ToList();
        return names.Count == 0 ? null : names;
    }

    private static V1Condition GateProven(StatusInputs inputs) => IsStillProving(inputs)
        ? Kept(inputs, ConditionTypes.GateProven)
        : Condition(inputs, ConditionTypes.GateProven, inputs.Node.Gate.IsProven, inputs.Node.Gate.Reason.ToString(), inputs.Node.Gate.Message);

    private static SourceStatus Source(SourceSnapshot source, StatusInputs inputs) =>
        source.Name == SourceNames.Criu && IsStillProving(inputs) && inputs.Before!.Sources?.FirstOrDefault(before => before.Name == SourceNames.Criu) is { } kept
            ? kept
            : new SourceStatus { Name = source.Name, Active = source.State.IsActive, Message = Cut(source.State.Message) };

    // What a machine does not have is not missing.
    private static V1Condition SourcesReady(StatusInputs inputs)
    {
        var faults = inputs.Node.Sources.Where(source => source.State.IsFault).Select(source => Source(source, inputs)).Where(source => !source.Active).ToArray();
        return faults.Length == 0
            ? Condition(inputs, ConditionTypes.SourcesReady, true, AgentReasons.AllActive, "Every source of events that this node has is active.")
            : Condition(inputs, ConditionTypes.SourcesReady, false, AgentReasons.SourceInactive, string.Join("; ", faults.Select(source => $"{source.Name}: {source.Message}")));
    }

    private static V1Condition WatchersUpToDate(StatusInputs inputs)
    {
        var node = inputs.Node;
        return node.Outdated == 0
            ? Condition(inputs, ConditionTypes.WatchersUpToDate, true, AgentReasons.AllAcknowledged, "No watcher is outdated.")
            : Condition(
                inputs, ConditionTypes.WatchersUpToDate, false, AgentReasons.WatchersOutdated,
                $"{node.Outdated} watcher(s) have not acknowledged the generation of their pod.");
    }

    private static V1Condition NodeUnique(StatusInputs inputs) => inputs.Conflict is { } conflict
        ? Condition(inputs, ConditionTypes.NodeUnique, false, AgentReasons.AnotherLineage, conflict)
        : Condition(inputs, ConditionTypes.NodeUnique, true, AgentReasons.OneLineage, "Nobody else reports as this node.");

    // An agent that starts again on a node whose gate was proven says so until it has proven the contrary: a rolling update
    // must not make the node look as if it had lost what is in place all the time.
    private static bool IsStillProving(StatusInputs inputs) =>
        !inputs.Node.IsGateSettled
        && Before(inputs, ConditionTypes.GateProven) is not null
        && Before(inputs, ConditionTypes.SourcesReady) is not null;

    private static V1Condition Kept(StatusInputs inputs, string type)
    {
        var before = Before(inputs, type)!;
        return Condition(inputs, type, before.Status == "True", before.Reason, before.Message);
    }

    private static V1Condition Condition(StatusInputs inputs, string type, bool isTrue, string reason, string message)
    {
        var before = Before(inputs, type);
        var status = isTrue ? "True" : "False";
        return new V1Condition
        {
            Type = type,
            Status = status,
            Reason = reason,
            Message = Cut(message),
            ObservedGeneration = inputs.ObservedGeneration,
            LastTransitionTime = before?.Status == status ? before.LastTransitionTime : Seconds(inputs.Now),
        };
    }

    private static V1Condition? Before(StatusInputs inputs, string type) => inputs.Before?.Conditions?.FirstOrDefault(condition => condition.Type == type);

    private static string Cut(string message) => message.Length <= LongestMessage ? message : message[..LongestMessage];

    // As fine as times in the API are written, or what is read back would be another time.
    private static DateTime Microseconds(long nanoseconds) => DateTime.UnixEpoch.AddTicks(nanoseconds / 1000 * TimeSpan.TicksPerMicrosecond);

    private static DateTime Seconds(DateTimeOffset now) => new(now.UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, DateTimeKind.Utc);
}
