using Microsoft.Win32.SafeHandles;

namespace SysGenId.Core.Linux;

/// <summary>An open file descriptor, closed when disposed.</summary>
internal sealed class Descriptor : SafeHandleMinusOneIsInvalid
{
    public Descriptor(int number)
        : base(ownsHandle: true) => SetHandle(number);

    /// <summary>The number, for calls and for messages. Valid while this object is not disposed.</summary>
    public int Number => (int)handle;

    protected override bool ReleaseHandle() => Libc.close((int)handle) == 0;
}
