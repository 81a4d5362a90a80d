namespace SysGenId.Core.Transport;

/// <summary>The owner of a <see cref="LineConnection"/>. Called on the loop's thread.</summary>
internal interface ILineHandler
{
    /// <summary>One line arrived, without its newline. The bytes are valid during the call only.</summary>
    void OnLine(LineConnection connection, ReadOnlySpan<byte> line);

    /// <summary>The peer broke the framing; the connection is closed after this call.</summary>
    void OnFault(LineConnection connection, LineFault fault);

    /// <summary>The connection is gone, whoever ended it. Called once.</summary>
    void OnClosed(LineConnection connection);
}
