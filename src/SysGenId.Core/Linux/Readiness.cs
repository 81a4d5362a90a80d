namespace SysGenId.Core.Linux;

/// <summary>Waiting for one descriptor, or for time alone, in programs that need no event loop.</summary>
internal static unsafe class Readiness
{
    public const short Readable = 0x001;
    public const short Writable = 0x004;

    /// <summary>
    /// Waits until the descriptor is ready or the time is up. May return early (a signal came): the caller looks at its
    /// clock again. An error or the end of the stream counts as ready.
    /// </summary>
    public static bool Wait(Descriptor descriptor, short events, TimeSpan atMost)
    {
        // struct pollfd: int fd; short events; short revents
        var entry = stackalloc int[2] { descriptor.Number, events };
        return Libc.poll(entry, 1, Milliseconds(atMost)) > 0;
    }

    /// <summary>Lets time pass; less when a signal comes.</summary>
    public static void Pause(TimeSpan time) => Libc.poll(null, 0, Milliseconds(time));

    // Rounded up: rounded down the last wait before a deadline would be no wait at all, and its caller would spin.
    private static int Milliseconds(TimeSpan time) => (int)Math.Clamp(Math.Ceiling(time.TotalMilliseconds), 0, int.MaxValue);
}
