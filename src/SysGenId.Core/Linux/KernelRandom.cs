using System.Runtime.InteropServices;

namespace SysGenId.Core.Linux;

/// <summary>
/// Random bits straight from the kernel (S24). A generator kept in this process could itself be a copy of another one's;
/// the kernel's is reseeded when the machine is cloned.
/// </summary>
internal static unsafe class KernelRandom
{
    private const string Pool = "/dev/urandom";

    // RNDRESEEDCRNG of include/uapi/linux/random.h: _IO('R', 0x07).
    private const nuint Reseed = 0x5207;

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

    /// <summary>
    /// Makes the kernel forget what its generator would have given next: the bytes go into its pool, and the generator is seeded
    /// from there. Two copies of a machine go apart as far as the bytes, the processor's own random numbers and its time stamps do.
    /// </summary>
    /// <param name="mix">What one copy sees and the other does not; it need not be secret.</param>
    /// <param name="error">Why the generator was not seeded: it needs CAP_SYS_ADMIN (EPERM). The bytes may be mixed in all the same.</param>
    public static bool TryReseed(ReadOnlySpan<byte> mix, out Errno error)
    {
        using var pool = Files.TryOpen(Pool, Files.WriteOnly | Files.NoFollow, 0, out error);
        if (pool is null || Files.TryWrite(pool, mix, out error) < 0) return false;
        error = Libc.ioctl(pool.Number, Reseed, null) < 0 ? Files.LastError : Errno.None;
        return error == Errno.None;
    }
}
