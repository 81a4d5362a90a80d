using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Sources.KernelLog;

/// <summary>The kernel's log as its device gives it: one record a read, each reader with its own place.</summary>
internal sealed class KernelLogDevice(string path) : IKernelLog
{
    public IKernelLogReader? TryOpen(out Errno error) =>
        Files.TryOpen(path, Files.ReadOnly | Files.NonBlocking, 0, out error) is { } device ? new Reader(device) : null;

    private sealed class Reader(Descriptor device) : IKernelLogReader
    {
        public Descriptor Descriptor => device;

        public Errno SeekToEnd() => Files.SeekToEnd(device);

        public KernelLogRead Read(Span<byte> buffer)
        {
            var length = Files.TryRead(device, buffer, out var error);
            return error switch
            {
                Errno.None when length > 0 => new KernelLogRead(KernelLogOutcome.Record, length),

                // The device has no end; a file has.
                Errno.None => new KernelLogRead(KernelLogOutcome.Failed, Error: Errno.ENXIO),
                Errno.EAGAIN => new KernelLogRead(KernelLogOutcome.End),

                // Overwritten before it was read; or longer than the buffer, and passed over.
                Errno.EPIPE or Errno.EINVAL => new KernelLogRead(KernelLogOutcome.Lost),
                _ => new KernelLogRead(KernelLogOutcome.Failed, Error: error),
            };
        }

        public void Dispose() => device.Dispose();
    }
}
