using SysGenId.Core.Linux;

namespace SysGenId.CriuHook;

/// <summary>
/// The process the agent checkpoints and restores to prove that CRIU reaches it (S27). It holds nothing that a
/// checkpoint could stumble over: a session of its own, no terminal, no descriptor of its parent's.
/// </summary>
internal static class ProbeChild
{
    private const int CloseRangeNumber = 436;

    /// <summary>Three times as long as a proof may take: left behind by an agent that was killed, it goes by itself.</summary>
    private static readonly TimeSpan _life = TimeSpan.FromMinutes(1);

    public static void Run()
    {
        Libc.setsid();
        Libc.syscall(CloseRangeNumber, 0, int.MaxValue, 0, 0, 0, 0);
        for (var standard = 0; standard <= 2; standard++) Libc.open("/dev/null", Files.ReadWrite, 0);
        for (var end = new Deadline(_life); !end.HasPassed;) Readiness.Pause(end.Remaining);
    }
}
