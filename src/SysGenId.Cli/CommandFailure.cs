namespace SysGenId.Cli;

/// <summary>A command cannot go on. Carries all that people and scripts are told.</summary>
/// <param name="exitCode">How the program ends.</param>
/// <param name="code">The stable word for scripts: one of the protocol's error codes or of <see cref="FailureCode"/>.</param>
/// <param name="sentence">What happened, for people.</param>
/// <param name="advice">What to do next, for people; null when the sentence says it all.</param>
internal sealed class CommandFailure(ExitCode exitCode, string code, string sentence, string? advice = null) : Exception(sentence)
{
    public ExitCode ExitCode { get; } = exitCode;

    public string Code { get; } = code;

    public string? Advice { get; } = advice;

    /// <summary>The same with a sentence that knows more.</summary>
    public CommandFailure InOtherWords(string other) => new(ExitCode, Code, other, Advice);
}
