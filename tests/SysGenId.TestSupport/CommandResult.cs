namespace SysGenId.TestSupport;

/// <summary>What a command that has ended left behind.</summary>
internal sealed record CommandResult(string Command, int ExitCode, string Output, string Errors)
{
    /// <summary>Returns this when the command succeeded.</summary>
    /// <exception cref="InvalidOperationException">It did not; carries all it printed.</exception>
    public CommandResult OrThrow() =>
        ExitCode == 0 ? this : throw new InvalidOperationException($"`{Command}` exited with {ExitCode}:\n{Output}{Errors}");
}
