namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>A handle that is read and written in bytes.</summary>
internal interface IByteHandle : IWatcherHandle
{
    /// <summary>Reads into a buffer of this length, without blocking (S08).</summary>
    Task<ReadResult> TryReadAsync(int length);

    /// <summary>Writes these bytes (S09).</summary>
    Task<Outcome> WriteAsync(ReadOnlyMemory<byte> bytes);
}
