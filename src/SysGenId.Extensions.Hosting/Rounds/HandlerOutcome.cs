namespace SysGenId.Extensions.Hosting.Rounds;

/// <summary>How a handler's part of a round ended.</summary>
internal enum HandlerOutcome
{
    Succeeded,

    /// <summary>A newer generation came: the round starts anew with it.</summary>
    Superseded,

    /// <summary>It failed as often as it may.</summary>
    GaveUp,
}
