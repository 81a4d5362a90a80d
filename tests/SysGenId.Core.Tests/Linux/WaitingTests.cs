using SysGenId.Core.Linux;
using SysGenId.TestSupport;

namespace SysGenId.Core.Tests.Linux;

public sealed class WaitingTests : IDisposable
{
    private static readonly TimeSpan _short = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _long = TimeSpan.FromMinutes(1);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_wait_for_a_descriptor_ends_when_it_is_ready_or_the_time_is_up_and_not_before()
    {
        using var signal = new EventSignal();
        var start = TimeProvider.System.GetTimestamp();
        Assert.False(Readiness.Wait(signal.Descriptor, Readiness.Readable, _short));
        Assert.True(TimeProvider.System.GetElapsedTime(start) >= _short);
        Assert.False(Readiness.Wait(signal.Descriptor, Readiness.Readable, -_short));
        signal.Set();
        Assert.True(Readiness.Wait(signal.Descriptor, Readiness.Readable, _long));
        signal.Reset();
        Assert.False(Readiness.Wait(signal.Descriptor, Readiness.Readable, TimeSpan.Zero));
        Assert.True(Readiness.Wait(signal.Descriptor, Readiness.Writable, _long));
    }

    [Fact]
    public async Task A_lock_is_held_against_others_until_it_is_let_go_or_its_holder_dies()
    {
        var path = _directory.File("lock");
        using (FileLock.TryTake(path)) Assert.Null(FileLock.TryTake(path));
        Assert.Equal(0x180u, Files.TryStatus(path, out _)!.Value.Permissions);
        await using (var holder = ChildProcess.Start("flock", "--exclusive", "--no-fork", path, "sh", "-c", "echo held; exec sleep 60"))
        {
            await Eventually.HoldsAsync(() => holder.Output == "held\n");
            Assert.Null(FileLock.TryTake(path));
            await holder.KillAsync();
        }

        using var mine = FileLock.TryTake(path);
        Assert.NotNull(mine);
    }

    [Fact]
    public void A_link_planted_for_a_lock_is_refused()
    {
        File.CreateSymbolicLink(_directory.File("lock"), _directory.File("elsewhere"));
        Assert.Equal(Errno.ELOOP, Assert.Throws<LinuxException>(() => FileLock.TryTake(_directory.File("lock"))).Error);
        Assert.False(File.Exists(_directory.File("elsewhere")));
    }

    [Fact]
    public void A_socket_with_a_limit_stops_being_writable_after_a_few_unread_words_and_is_again_when_they_are_read()
    {
        using var listener = UnixSocket.Listen(_directory.File("socket"), 0x180, 1);
        using var client = UnixSocket.TryConnect(_directory.File("socket"), blocking: false, out _)!;
        using var server = UnixSocket.TryAccept(listener, out _)!;
        UnixSocket.LimitUnread(server);
        var sent = 0;
        for (; UnixSocket.IsWritable(server) && sent < 1000; sent++) Assert.Equal(4, UnixSocket.Send(server, [1, 2, 3, 4], out _));
        Assert.InRange(sent, 1, 8);
        Assert.Equal(4 * sent, UnixSocket.Receive(client, new byte[4096], out _));
        Assert.True(UnixSocket.IsWritable(server));
    }
}
