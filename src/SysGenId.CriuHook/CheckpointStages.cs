using SysGenId.Core.Protocol;

namespace SysGenId.CriuHook;

/// <summary>Around a dump: the generation goes into the images (S21), and the pod's sockets are closed meanwhile (S22).</summary>
internal static class CheckpointStages
{
    /// <summary>So long the agent may take to say more than it knows itself, after it had the whole publish timeout.</summary>
    private static readonly TimeSpan _margin = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The tasks are still frozen after a dump, and there is nothing to wait for: an agent that does not answer sees
    /// the end of CRIU by itself.
    /// </summary>
    private static readonly TimeSpan _afterwards = TimeSpan.FromSeconds(1);

    /// <summary>pre-dump. A failure aborts the dump only of a container of ours, and only under policy Fail (S25).</summary>
    public static int Before(HookCall call)
    {
        var (reply, isOurs) = Ask(call, Request(call, Operation.Checkpointing));
        if (reply.IsDone)
        {
            isOurs = reply.Answer!.Record is not null;
            var fault = RecordFile.TryReplace(call.ImageDirectory, reply.Answer.Record);
            if (fault is null || !isOurs) return ExitCode.Success;
            return Decide(call, call.Policy.RestoreFailurePolicy, $"the record cannot be written into the checkpoint ({fault})");
        }

        // A record from an earlier dump into this directory would speak of an older generation.
        if (isOurs) return Decide(call, RestoreStages.PolicyOf(reply, call), reply.Reason);
        RecordFile.TryReplace(call.ImageDirectory, null);
        return ExitCode.Success;
    }

    /// <summary>post-dump. The images are good, so nothing here fails the dump.</summary>
    public static int After(HookCall call)
    {
        var reply = AgentLink.Ask(call.Agent, Request(call, Operation.Checkpointed), new Deadline(TimeSpan.Zero), new Deadline(_afterwards));
        if (!reply.IsDone && ContainerMounts.AreOurs(call.InitPid)) CriuLog.Write($"the end of the dump was not reported: {reply.Reason}.");
        return ExitCode.Success;
    }

    // Whether the container is ours is looked up only when it matters: when the agent is not there to say.
    private static (AgentReply Reply, bool IsOurs) Ask(HookCall call, Message request)
    {
        var reach = new Deadline(call.Policy.PublishTimeout);
        var answer = new Deadline(call.Policy.PublishTimeout + _margin);
        var reply = AgentLink.Ask(call.Agent, request, new Deadline(TimeSpan.Zero), answer);
        if (reply.IsDone) return (reply, IsOurs: false);
        var isOurs = ContainerMounts.AreOurs(call.InitPid);
        if (isOurs && reply.Outcome == AgentOutcome.Unreachable) reply = AgentLink.Ask(call.Agent, request, reach, answer);
        return (reply, isOurs);
    }

    private static int Decide(HookCall call, RestoreFailurePolicy policy, string reason)
    {
        if (policy == RestoreFailurePolicy.Fail)
        {
            CriuLog.Write($"dump aborted, the container runs on: {reason}. Start the SysGenId node agent and try again, or set restoreFailurePolicy to Ignore.");
            return ExitCode.Refused;
        }

        RecordFile.TryReplace(call.ImageDirectory, null);
        CriuLog.Write($"the dump goes on without a record of the generation, as restoreFailurePolicy is Ignore: {reason}.");
        return ExitCode.Success;
    }

    private static Message Request(HookCall call, string operation) =>
        new() { Op = operation, InitPid = call.InitPid, ImageDirectory = operation == Operation.Checkpointing ? call.ImageDirectory : null };
}
