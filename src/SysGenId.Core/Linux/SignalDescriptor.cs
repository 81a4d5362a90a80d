namespace SysGenId.Core.Linux;

/// <summary>SIGTERM and SIGINT as a readable descriptor, for programs with one event loop and no handler thread.</summary>
internal static unsafe class SignalDescriptor
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    private const int Block = 0;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int SetSize = 128;

    /// <summary>Blocks both signals for this thread and those it starts later, and returns where they arrive instead.</summary>
    /// <exception cref="LinuxException">A call failed.</exception>
    public static Descriptor TakeTermination()
    {
        var set = stackalloc byte[SetSize];
        Libc.sigemptyset(set);
        Libc.sigaddset(set, Interrupt);
        Libc.sigaddset(set, Terminate);
        if (Libc.sigprocmask(Block, set, null) < 0) throw new LinuxException("sigprocmask", Files.LastError);
        var number = Libc.signalfd(-1, set, NonBlocking | CloseOnExec);
        return number < 0 ? throw new LinuxException("signalfd", Files.LastError) : new Descriptor(number);
    }
}
