namespace SysGenId.CriuHook;

/// <summary>What the hook's end tells CRIU, or whoever else runs it.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The dump is aborted and its tasks run on; the restore is given up and its tasks are killed.</summary>
    public const int Refused = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;
}
