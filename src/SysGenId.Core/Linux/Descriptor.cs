using Microsoft.Win32.SafeHandles;

namespace SysGenId.Core.Linux;

/// <summary>An open file descriptor, closed when disposed.</summary>
internal sealed class Descriptor : SafeHandleMinusOneIsInvalid
{
    public Descriptor(int number)
        : base(ownsHandle: true) => SetHandle(number);

    /// <summary>The number, for calls and for messages; -1 once closed, when it may mean another file already.</summary>
    public int Number => IsClosed ? -1 : (int)handle;

    protected override bool ReleaseHandle() => Libc.close((int)handle) == 0;
}
