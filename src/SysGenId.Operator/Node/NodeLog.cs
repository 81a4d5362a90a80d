using Microsoft.Extensions.Logging;
using SysGenId.Core.Generations;
using SysGenId.Core.Linux;
using SysGenId.Operator.Node.Sources;

namespace SysGenId.Operator.Node;

/// <summary>Every log event of the node agent; ids are unique and stable.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(1, LogLevel.Information, "Serving {Socket}: generation {Generation}, restore scope {Scope}, restore failure policy {Policy}, publish timeout {TimeoutMs} ms")]
    public static partial void Serving(this ILogger log, string socket, uint generation, RestoreScope scope, string policy, long timeoutMs);

    [LoggerMessage(2, LogLevel.Information, "Stopped in good order at generation {Generation}")]
    public static partial void Stopped(this ILogger log, uint generation);

    [LoggerMessage(3, LogLevel.Warning, "State lost: {Reason}")]
    public static partial void StateLost(this ILogger log, string reason);

    [LoggerMessage(4, LogLevel.Error, "State cannot be stored: {Reason}. Bumps go on up to the stored ceiling; free space or fix permissions.")]
    public static partial void StateUnwritable(this ILogger log, string reason);

    [LoggerMessage(5, LogLevel.Information, "State is stored again")]
    public static partial void StateWritableAgain(this ILogger log);

    [LoggerMessage(10, LogLevel.Information, "Generation {Generation} ({Id}), cause {Cause}, pod {Pod}, container {Container}")]
    public static partial void Bumped(this ILogger log, uint generation, Guid id, GenerationCause cause, string? pod, string? container);

    [LoggerMessage(20, LogLevel.Information, "Sidecar of {Pod} registered at generation {Generation}")]
    public static partial void SidecarRegistered(this ILogger log, string pod, uint generation);

    [LoggerMessage(21, LogLevel.Information, "Sidecar of {Pod} is gone")]
    public static partial void SidecarGone(this ILogger log, string pod);

    [LoggerMessage(22, LogLevel.Warning, "Sidecar of {Pod} could not publish generation {Generation}: {Code}")]
    public static partial void SidecarFailed(this ILogger log, string pod, uint generation, string code);

    [LoggerMessage(23, LogLevel.Warning, "Process {Pid} (uid {Uid}, container {Container}) was refused '{Operation}': {Reason}")]
    public static partial void Refused(this ILogger log, int pid, uint uid, string container, string operation, string reason);

    [LoggerMessage(24, LogLevel.Debug, "Process {Pid} sent a bad message: {Fault}")]
    public static partial void BadMessage(this ILogger log, int pid, string fault);

    [LoggerMessage(30, LogLevel.Information, "Checkpoint of container {Container} by criu {Criu}: {Sidecars} sidecar(s) quiesced, {Watchers} watcher(s) recorded")]
    public static partial void Checkpointing(this ILogger log, string container, string criu, int sidecars, int watchers);

    [LoggerMessage(31, LogLevel.Information, "Checkpoint by criu {Criu} is over ({Reason}); sockets serve again")]
    public static partial void CheckpointOver(this ILogger log, string criu, string reason);

    [LoggerMessage(32, LogLevel.Information, "Restore of container {Container} by criu {Criu} ({Stage}): generation {Generation} published to {Pages} page(s) in {Microseconds} us")]
    public static partial void Restored(this ILogger log, string container, string criu, string stage, uint generation, int pages, long microseconds);

    [LoggerMessage(33, LogLevel.Error, "Restore of container {Container} by criu {Criu}: not published, {Reason}; policy {Policy}")]
    public static partial void RestoreNotPublished(this ILogger log, string container, string criu, string reason, string policy);

    [LoggerMessage(34, LogLevel.Warning, "While the agent was away a restore was {Outcome}: {Reason}")]
    public static partial void RestoreMissed(this ILogger log, string outcome, string reason);

    [LoggerMessage(40, LogLevel.Information, "Gate proven: {Message}")]
    public static partial void GateProven(this ILogger log, string message);

    [LoggerMessage(41, LogLevel.Warning, "Gate not proven: {Message}")]
    public static partial void GateNotProven(this ILogger log, string message);

    [LoggerMessage(42, LogLevel.Information, "Hook on this node: {Done}")]
    public static partial void HookKept(this ILogger log, string done);

    [LoggerMessage(43, LogLevel.Warning, "Hook on this node: {Fault}")]
    public static partial void HookNotKept(this ILogger log, string fault);

    [LoggerMessage(50, LogLevel.Information, "Settings: restore scope {Scope}, restore failure policy {Policy}, publish timeout {TimeoutMs} ms")]
    public static partial void SettingsChanged(this ILogger log, RestoreScope scope, string policy, long timeoutMs);

    [LoggerMessage(51, LogLevel.Warning, "This node is at generation {Generation}, but its object says it had reached {Known}: its state was lost")]
    public static partial void StateBehind(this ILogger log, uint generation, uint known);

    [LoggerMessage(60, LogLevel.Warning, "{Source} tells of this machine: {Kind}, {What}")]
    public static partial void MachineEventNoticed(this ILogger log, string source, MachineEventKind kind, string what);

    [LoggerMessage(61, LogLevel.Information, "Generation {Generation} is shown by {Sidecars} sidecar(s), {Microseconds} us after the machine's restore was noticed")]
    public static partial void MachineEventPublished(this ILogger log, uint generation, int sidecars, long microseconds);

    [LoggerMessage(62, LogLevel.Warning, "Generation {Generation} is not shown by the sidecar of {Pod} after {TimeoutMs} ms: its programs go on as if the machine had not been restored")]
    public static partial void MachineEventUnconfirmed(this ILogger log, uint generation, string pod, long timeoutMs);

    [LoggerMessage(63, LogLevel.Error, "{Source} told of a restore of this machine, and the generation cannot be bumped: {Reason}")]
    public static partial void MachineEventNotBumped(this ILogger log, string source, string reason);

    [LoggerMessage(64, LogLevel.Information, "Source {Source}: {Reason}, {What}")]
    public static partial void SourceChanged(this ILogger log, string source, SourceReason reason, string what);

    [LoggerMessage(65, LogLevel.Warning, "Source {Source}: {Reason}, {What}")]
    public static partial void SourceFaulty(this ILogger log, string source, SourceReason reason, string what);

    [LoggerMessage(75, LogLevel.Debug, "The kernel's random numbers could not be seeded anew before a bump: {Error}")]
    public static partial void KernelNotReseeded(this ILogger log, Errno error);
}
