namespace SysGenId.Cli;

/// <summary>How the program ends. Public interface: the numbers stay what they are.</summary>
internal enum ExitCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>Refused by the other side, or a check of <c>doctor</c> failed.</summary>
    Failed = 1,

    /// <summary>The command line makes no sense.</summary>
    Usage = 2,

    /// <summary>Nobody answers at the socket, or stopped answering.</summary>
    NoAnswer = 3,

    /// <summary><c>wait</c>: the time is up and watchers are still outdated (S12).</summary>
    TimedOut = 4,

    /// <summary><c>wait</c>: a bump came in between (S12). Start over.</summary>
    Interrupted = 5,

    /// <summary>The socket, or whoever serves it, does not let this user do that (S13).</summary>
    PermissionDenied = 6,

    /// <summary>The reader of our output is gone: 128 + SIGPIPE, as of any other program in a pipe.</summary>
    OutputClosed = 141,
}
