using System.Runtime.InteropServices;

namespace SysGenId.Core.Linux;

/// <summary>Waiting on a word of shared memory: not private to a process, so a read-only mapping of a file works.</summary>
internal static unsafe class Futex
{
    private const int Wait = 0;
    private const int Wake = 1;

    private static readonly nint _number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 98 : 202;

    /// <summary>Wakes everyone who waits on the word.</summary>
    public static void WakeAll(uint* word) => Libc.syscall(_number, (nint)word, Wake, int.MaxValue, 0, 0, 0);

    /// <summary>
    /// Sleeps while the word still has the expected value. Returns for any reason (woken, changed, interrupted,
    /// timed out): the caller looks at the word again.
    /// </summary>
    /// <param name="word">The word.</param>
    /// <param name="expected">Sleep only if the word has this value.</param>
    /// <param name="timeout">At most so long; null waits without limit.</param>
    public static Errno WaitWhile(uint* word, uint expected, TimeSpan? timeout)
    {
        var time = stackalloc long[2];
        if (timeout is { } limit)
        {
            time[0] = (long)limit.TotalSeconds;
            time[1] = limit.Ticks % TimeSpan.TicksPerSecond * 100;
        }

        var result = Libc.syscall(_number, (nint)word, Wait, (nint)expected, timeout is null ? 0 : (nint)time, 0, 0);
        return result < 0 ? Files.LastError : Errno.None;
    }
}
