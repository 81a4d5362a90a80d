using System.Runtime.InteropServices;

namespace SysGenId.Core.Linux;

/// <summary>
/// Random bits straight from the kernel (S24). A generator kept in this process could itself be a copy of another one's;
/// the kernel's is reseeded when the machine is cloned.
/// </summary>
internal static unsafe class KernelRandom
{
    private static readonly nint _number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 278 : 318;

    /// <summary>128 random bits.</summary>
    /// <exception cref="LinuxException">The kernel has no random numbers to give.</exception>
    public static Guid NextId()
    {
        Guid id;
        nint count;
        do
        {
            count = Libc.syscall(_number, (nint)(&id), sizeof(Guid), 0, 0, 0, 0);
        }
        while (count < 0 && Files.LastError == Errno.EINTR);
        return count == sizeof(Guid) ? id : throw new LinuxException("getrandom", Files.LastError);
    }
}
