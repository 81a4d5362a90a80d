using SysGenId.Cli.Output;
using SysGenId.Core.Protocol;

namespace SysGenId.Cli.Sockets;

/// <summary>An error of the server's, with what to do about it.</summary>
internal static class ServerRefusal
{
    public static CommandFailure Of(Answer answer, SocketRole role)
    {
        var code = PlainText.Of(answer.Error is "" ? FailureCode.MalformedAnswer : answer.Error);
        var sentence = answer.Sentence is "" ? $"The server refused: {code}." : Sentence(PlainText.Of(answer.Sentence));
        return new CommandFailure(ExitCodeOf(code), code, sentence, Advice(code, role));
    }

    // Servers write sentences with and without capital and full stop; people read them after our own.
    private static string Sentence(string text)
    {
        var capital = char.ToUpperInvariant(text[0]) + text[1..];
        return capital[^1] is '.' or '!' or '?' ? capital : capital + ".";
    }

    private static ExitCode ExitCodeOf(string code) => code switch
    {
        ErrorCode.PermissionDenied => ExitCode.PermissionDenied,
        ErrorCode.TimedOut => ExitCode.TimedOut,
        ErrorCode.Interrupted => ExitCode.Interrupted,
        _ => ExitCode.Failed,
    };

    private static string? Advice(string code, SocketRole role) => code switch
    {
        ErrorCode.PermissionDenied when role == SocketRole.Node => "Run the command as root on the node itself, not in a container.",
        ErrorCode.PermissionDenied => "Run the command with CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN, in the pod's own process namespace.",
        ErrorCode.GenerationExhausted when role == SocketRole.Node => "Nothing wraps, so that no number comes twice: set this node up anew.",
        ErrorCode.GenerationExhausted => "Nothing wraps, so that no number comes twice: make this pod anew.",
        ErrorCode.StateUnwritable or ErrorCode.GateUnproven => "`sysgenid doctor` tells what is wrong and what to do.",
        ErrorCode.PublishTimeout => "`sysgenid watchers` shows which sidecars are behind.",
        ErrorCode.Interrupted => "Adapt to it, then wait again.",
        ErrorCode.TimedOut => "`sysgenid watchers` shows where they are.",
        ErrorCode.TooManyConnections => "Others hold all its connections: try again in a moment.",
        ErrorCode.UnsupportedOperation or ErrorCode.UnsupportedProtocol => "Use the programs of one version of SysGenId together.",
        _ => null,
    };
}
