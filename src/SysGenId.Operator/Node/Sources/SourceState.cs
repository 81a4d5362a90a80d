namespace SysGenId.Operator.Node.Sources;

/// <summary>Whether a source's events are noticed, and why or why not.</summary>
/// <param name="Reason">The stable code.</param>
/// <param name="Message">A sentence for people.</param>
internal sealed record SourceState(SourceReason Reason, string Message)
{
    /// <summary>Before it was started.</summary>
    public static readonly SourceState NotStarted = new(SourceReason.NotStarted, "not started yet");

    /// <summary>Whether its events are noticed.</summary>
    public bool IsActive => Reason == SourceReason.Active;

    /// <summary>Whether it could be active here, and somebody has to do something about it that it is not.</summary>
    public bool IsFault => Reason is SourceReason.AccessDenied or SourceReason.Failed or SourceReason.GateNotProven;
}
