namespace SysGenId.Core.Protocol;

/// <summary>CRIU's names of the stages at which we act. They also stand in the messages of the hook.</summary>
internal static class CriuStage
{
    /// <summary>Before the tasks are frozen: the dump can still be refused without harm.</summary>
    public const string PreDump = "pre-dump";

    /// <summary>The images are written.</summary>
    public const string PostDump = "post-dump";

    /// <summary>All tasks exist and none has run: what is published now is what they see first (S20).</summary>
    public const string PostRestore = "post-restore";

    /// <summary>The tasks are still stopped, but nothing can be refused any more: the second chance.</summary>
    public const string PreResume = "pre-resume";
}
