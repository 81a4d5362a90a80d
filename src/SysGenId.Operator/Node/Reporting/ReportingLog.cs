using Microsoft.Extensions.Logging;

namespace SysGenId.Operator.Node.Reporting;

/// <summary>Log events of the agent's dealings with the API server: 300 to 399.</summary>
internal static partial class ReportingLog
{
    [LoggerMessage(300, LogLevel.Information, "Reporting as SystemGeneration {Name}")]
    public static partial void Reporting(this ILogger log, string name);

    [LoggerMessage(301, LogLevel.Warning, "The API server knows no node {Name}: nothing is reported until it does. Is --node-name right?")]
    public static partial void NodeUnknown(this ILogger log, string name);

    [LoggerMessage(302, LogLevel.Information, "SystemGeneration {Name} made, owned by node {Uid}")]
    public static partial void ObjectMade(this ILogger log, string name, string uid);

    [LoggerMessage(303, LogLevel.Warning, "SystemGeneration {Name} asks for something that is not taken: {Faults}")]
    public static partial void SpecRefused(this ILogger log, string name, string faults);

    [LoggerMessage(304, LogLevel.Warning, "What SystemGeneration {Name} asks could not be done: {Fault}")]
    public static partial void SpecNotDone(this ILogger log, string name, string fault);

    [LoggerMessage(305, LogLevel.Warning, "Reporting failed ({Reason}), it is tried again in {WaitMs} ms: {Message}")]
    public static partial void ReportFailed(this ILogger log, string reason, long waitMs, string message);

    [LoggerMessage(306, LogLevel.Information, "Reporting works again")]
    public static partial void ReportWorksAgain(this ILogger log);

    [LoggerMessage(307, LogLevel.Information, "Node {Name}: label {Label} {Done}")]
    public static partial void LabelChanged(this ILogger log, string name, string label, string done);

    [LoggerMessage(308, LogLevel.Warning, "Nothing on this node says how far its generation had come, and its object could not be asked: {Reason}")]
    public static partial void KnownElsewhereUnasked(this ILogger log, string reason);

    [LoggerMessage(309, LogLevel.Error, "Reporting met something unexpected, it is tried again")]
    public static partial void ReportBroken(this ILogger log, Exception mistake);

    [LoggerMessage(310, LogLevel.Warning, "SystemGeneration {Name} shows generation {Generation} ({Id}), which this agent did not write: this machine was restored to an earlier state, or a clone of it runs under its name")]
    public static partial void AnotherLineage(this ILogger log, string name, uint generation, string id);

    [LoggerMessage(311, LogLevel.Information, "SystemGeneration {Name}: nobody else reports any more")]
    public static partial void LineageIsOne(this ILogger log, string name);

    [LoggerMessage(312, LogLevel.Warning, "Node {Name} could not go past generation {Reached} of another lineage: {Fault}")]
    public static partial void NotGonePast(this ILogger log, string name, uint reached, string fault);
}
