using SysGenId.Core.Protocol;

namespace SysGenId.CriuHook;

/// <summary>Around the moment at which the restored tasks exist and none has run (S20).</summary>
internal static class RestoreStages
{
    /// <summary>The agent itself answers when the publish timeout is over; its answer says more than our own clock does.</summary>
    private static readonly TimeSpan _margin = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// A second chance, not a second wait: after post-restore succeeded the answer is there at once, and after it
    /// failed the restore was already held for as long as it may be.
    /// </summary>
    private static readonly TimeSpan _secondReach = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan _secondAnswer = TimeSpan.FromMilliseconds(500);

    /// <summary>post-restore. A failure refuses only a container whose checkpoint carries our record, under policy Fail (S25).</summary>
    public static int PostRestore(HookCall call)
    {
        var record = RecordFile.TryRead(call.ImageDirectory);
        AgentReply reply;
        try
        {
            var reach = new Deadline(record is null ? TimeSpan.Zero : call.Policy.PublishTimeout);
            reply = AgentLink.Ask(call.Agent, Request(call, CriuStage.PostRestore, record), reach, new Deadline(call.Policy.PublishTimeout + _margin));
        }
        catch (Exception mistake)
        {
            // Of this container we may know that it is ours: then our own mistake is no reason to let it through.
            reply = new AgentReply(AgentOutcome.Garbled, null, $"internal error ({mistake.GetType().Name}: {mistake.Message})");
        }

        if (reply.IsDone) return ExitCode.Success;
        var isRefused = record is not null && PolicyOf(reply, call) == RestoreFailurePolicy.Fail;
        if (!IsKnownToAgent(reply)) MissedRestores.Leave(call, record, isRefused, reply.Reason);
        CriuLog.Write(isRefused
            ? $"restore refused: {reply.Reason}. See that the SysGenId node agent runs (its log says more) and restore again, or set restoreFailurePolicy to Ignore."
            : $"the restore goes on without a new generation: {reply.Reason}.");
        return isRefused ? ExitCode.Refused : ExitCode.Success;
    }

    /// <summary>pre-resume. CRIU does not obey an exit code any more, and what failed was written down at post-restore.</summary>
    public static int PreResume(HookCall call)
    {
        var record = RecordFile.TryRead(call.ImageDirectory);
        var reach = new Deadline(record is null ? TimeSpan.Zero : _secondReach);
        var reply = AgentLink.Ask(call.Agent, Request(call, CriuStage.PreResume, record), reach, new Deadline(_secondAnswer));
        if (!reply.IsDone) CriuLog.Write($"the tasks are resumed without a second word from the node agent: {reply.Reason}.");
        return ExitCode.Success;
    }

    /// <summary>The agent knows best which policy holds for a container; what it left for us is next.</summary>
    public static RestoreFailurePolicy PolicyOf(AgentReply reply, HookCall call) =>
        Enum.TryParse<RestoreFailurePolicy>(reply.Answer?.Policy, out var policy) && Enum.IsDefined(policy) ? policy : call.Policy.RestoreFailurePolicy;

    // The generation did move, and it is in the agent's history that a page did not show it in time: a file would
    // make a second entry of it, and a second bump.
    private static bool IsKnownToAgent(AgentReply reply) => reply.Answer?.Error == ErrorCode.PublishTimeout;

    private static Message Request(HookCall call, string stage, CheckpointRecord? record) =>
        new() { Op = Operation.Restored, Stage = stage, InitPid = call.InitPid, Record = record };
}
