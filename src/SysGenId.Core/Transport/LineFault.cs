namespace SysGenId.Core.Transport;

/// <summary>How a peer broke the framing of lines.</summary>
internal enum LineFault
{
    /// <summary>A line is longer than <see cref="Protocol.ProtocolLimits.MaximumLineLength"/>.</summary>
    TooLong,

    /// <summary>A line was begun and not ended within <see cref="Protocol.ProtocolLimits.PartialMessageTimeout"/>.</summary>
    TooSlow,
}
