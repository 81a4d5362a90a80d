using SysGenId.Core.Protocol;

namespace SysGenId.Client.Sockets;

/// <summary>What a sidecar answers to a request for a bump.</summary>
internal static class ForceAnswer
{
    /// <exception cref="IOException">The sidecar refuses for a reason that is not known here.</exception>
    public static ForceOutcome Read(Message answer) => answer switch
    {
        { Ok: true } => ForceOutcome.Forced,
        { Error: ErrorCode.PermissionDenied } => ForceOutcome.PermissionDenied,
        { Error: ErrorCode.GenerationExhausted } => ForceOutcome.Exhausted,
        { Error: ErrorCode.TooManyConnections } => ForceOutcome.Unanswered,
        _ => throw new IOException($"The sidecar refuses to move the generation: {answer.Text} ({answer.Error})."),
    };
}
