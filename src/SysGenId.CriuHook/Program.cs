using SysGenId.Core.Protocol;

namespace SysGenId.CriuHook;

/// <summary>
/// CRIU runs this at every stage of every dump and restore of the node:
/// <code>
///   pre-dump      checkpointing  -> the agent closes its pod's sockets, its record goes into the images
///   post-dump     checkpointed   -> the sockets serve again
///   post-restore  restored       -> answered when the pages show the new generation; no task has run yet
///   pre-resume    restored       -> the same again, in case
/// </code>
/// At any other stage it ends at once. The exit code is CRIU's to obey: anything but 0 at pre-dump or post-restore
/// makes it give up.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        var stage = Environment.GetEnvironmentVariable(HookCall.StageVariable);
        if (arguments.Length == 0 && !ConcernsUs(stage)) return stage is null ? CommandLine.MissingStage() : ExitCode.Success;
        if (CommandLine.TryParse(arguments, out var agent, out var exitCode)) return ConcernsUs(stage) ? Run(stage!, agent) : ExitCode.Success;
        return exitCode;
    }

    private static bool ConcernsUs(string? stage) =>
        stage is CriuStage.PreDump or CriuStage.PostDump or CriuStage.PostRestore or CriuStage.PreResume;

    private static int Run(string stage, string agent)
    {
        try
        {
            var call = HookCall.FromEnvironment(agent);
            return stage switch
            {
                CriuStage.PreDump => CheckpointStages.Before(call),
                CriuStage.PostDump => CheckpointStages.After(call),
                CriuStage.PostRestore => RestoreStages.PostRestore(call),
                _ => RestoreStages.PreResume(call),
            };
        }
        catch (Exception mistake)
        {
            // Whatever is wrong with us, containers that are not ours go on (S25). Each stage has turned what can
            // happen after it knows that a container is ours into a failure of its own.
            CriuLog.Write($"{stage}: internal error: {mistake.GetType().Name}: {mistake.Message}");
            return ExitCode.Success;
        }
    }
}
