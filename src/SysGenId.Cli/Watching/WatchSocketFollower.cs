using System.Runtime.InteropServices;
using SysGenId.Core;
using SysGenId.Core.Linux;

namespace SysGenId.Cli.Watching;

/// <summary>
/// Follows a watch socket where there is no page to map. It is a watcher like any other while it lasts, and acks at
/// once what it shows. The end of the stream is normal (S22): it connects again and says what it handled last (S23).
/// </summary>
internal sealed class WatchSocketFollower(string path, TimeProvider clock)
{
    private static readonly TimeSpan _retryInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>The current generation, then each change as it comes, without end.</summary>
    public IEnumerable<Change> Follow()
    {
        uint? shown = null;
        while (true)
        {
            using var socket = Connect(shown);
            while (TryReadWord(socket, out var generation))
            {
                Send(socket, generation);
                if (generation == shown) continue;
                shown = generation;
                yield return new Change(generation, clock.UnixNanoseconds(), null, null);
            }

            if (shown is not null) Readiness.Pause(_retryInterval);
        }
    }

    private Descriptor Connect(uint? handled)
    {
        while (true)
        {
            if (UnixSocket.TryConnect(path, blocking: true, out var error) is { } socket)
            {
                if (handled is { } generation) Send(socket, generation);
                return socket;
            }

            // Only the first attempt may fail for good: later the server is between two lives, or closed for a checkpoint.
            if (handled is null) throw new LinuxException($"connect {path}", error);
            Readiness.Pause(_retryInterval);
        }
    }

    private static bool TryReadWord(Descriptor socket, out uint word)
    {
        word = 0;
        var bytes = MemoryMarshal.AsBytes(new Span<uint>(ref word));
        while (bytes.Length > 0)
        {
            var count = UnixSocket.Receive(socket, bytes, out var error);
            if (count < 0 && error == Errno.EINTR) continue;
            if (count <= 0) return false;
            bytes = bytes[count..];
        }

        return true;
    }

    private static void Send(Descriptor socket, uint generation) =>
        UnixSocket.Send(socket, MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(ref generation)), out _);
}
