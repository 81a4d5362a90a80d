namespace SysGenId.Core.Linux;

/// <summary>Standard output and error without the runtime's console, which costs more memory than a small program has.</summary>
internal static unsafe class StandardStream
{
    public const int Output = 1;
    public const int Error = 2;

    private const short PollOut = 4;

    /// <summary>
    /// Writes at most <see cref="MaximumLength"/> bytes, or nothing when the stream would make us wait: who reads our
    /// log must not be able to stop us.
    /// </summary>
    public static bool TryWrite(int stream, ReadOnlySpan<byte> bytes)
    {
        // struct pollfd: int fd; short events; short revents
        var entry = stackalloc int[2] { stream, PollOut };
        if (bytes.Length > MaximumLength || Libc.poll(entry, 1, 0) <= 0) return false;
        fixed (byte* start = bytes)
        {
            return Libc.write(stream, start, (nuint)bytes.Length) == bytes.Length;
        }
    }

    /// <summary>A pipe that is ready for writing takes so many bytes at once (PIPE_BUF).</summary>
    public const int MaximumLength = 4096;
}
