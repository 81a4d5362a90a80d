using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Sources.KernelLog;

/// <summary>One reader of a kernel's log, with a place of its own in it. Never waits.</summary>
internal interface IKernelLogReader : IDisposable
{
    /// <summary>Readable for an event loop while there are lines to read.</summary>
    Descriptor Descriptor { get; }

    /// <summary>Goes behind the newest line.</summary>
    /// <returns>Why it could not.</returns>
    Errno SeekToEnd();

    /// <summary>Takes the next record.</summary>
    /// <param name="buffer">Where it goes: at least <see cref="KernelLogRecord.MaximumLength"/>.</param>
    KernelLogRead Read(Span<byte> buffer);
}
