using System.Runtime.CompilerServices;

namespace SysGenId.Core.Linux;

/// <summary>
/// SIGTERM and SIGINT as a readable descriptor, for ahead-of-time compiled programs with one event loop and no handler
/// thread. (Other runtimes have threads of their own that would take the signals.)
/// </summary>
internal static unsafe class SignalDescriptor
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    private const int Block = 0;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int SetSize = 128;

    /// <summary>Blocks both signals for all threads, and returns where they arrive instead.</summary>
    /// <exception cref="LinuxException">A call failed.</exception>
    public static Descriptor TakeTermination()
    {
        var set = stackalloc byte[SetSize];
        BlockTermination(set);
        BlockInFinalizerThread();
        var number = Libc.signalfd(-1, set, NonBlocking | CloseOnExec);
        return number < 0 ? throw new LinuxException("signalfd", Files.LastError) : new Descriptor(number);
    }

    private static void BlockTermination(byte* set)
    {
        Libc.sigemptyset(set);
        Libc.sigaddset(set, Interrupt);
        Libc.sigaddset(set, Terminate);
        if (Libc.sigprocmask(Block, set, null) < 0) throw new LinuxException("sigprocmask", Files.LastError);
    }

    // The runtime's one other thread was started before us with both signals open: a signal would be delivered there and
    // end the process. A mask can only be set from within its thread, and finalizers are what runs in that one.
    private static void BlockInFinalizerThread()
    {
        LeaveMessage();
        GC.Collect(0);
        GC.WaitForPendingFinalizers();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LeaveMessage() => GC.KeepAlive(new FinalizerMessage());

    private sealed class FinalizerMessage
    {
        ~FinalizerMessage()
        {
            var set = stackalloc byte[SetSize];
            BlockTermination(set);
        }
    }
}
