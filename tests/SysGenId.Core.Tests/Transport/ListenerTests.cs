using System.Net.Sockets;
using SysGenId.Core.Linux;
using SysGenId.Core.Transport;
using SysGenId.TestSupport;

namespace SysGenId.Core.Tests.Transport;

public sealed class ListenerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly RunningLoop _running = new();
    private readonly List<Descriptor> _accepted = [];

    private string SocketPath => _directory.File("socket");

    public void Dispose()
    {
        _running.Dispose();
        _accepted.ForEach(connection => connection.Dispose());
        _directory.Dispose();
    }

    [Theory]
    [InlineData(0x180u)]
    [InlineData(0x1B6u)]
    public void A_socket_has_the_mode_it_was_asked_for(uint mode)
    {
        using var listener = Listen(mode);
        Assert.Equal(mode, Files.TryStatus(SocketPath, out _)!.Value.Permissions);
    }

    [Fact]
    public void A_socket_left_by_a_predecessor_is_replaced_and_anything_else_is_left()
    {
        Listen().Dispose();
        using (var client = UnixSocket.TryConnect(SocketPath, blocking: true, out var error)) Assert.Equal((null, Errno.ECONNREFUSED), (client, error));
        Listen().Dispose();
        File.Delete(SocketPath);
        File.WriteAllText(SocketPath, "mine");
        var refusal = Assert.Throws<LinuxException>(() => UnixSocket.Listen(SocketPath, 0x180, 1));
        Assert.Equal($"bind {SocketPath}: something that is not a socket is there: file exists (EEXIST)", refusal.Message);
        Assert.Equal("mine", File.ReadAllText(SocketPath));
    }

    [Fact]
    public void A_symbolic_link_planted_for_a_socket_is_refused()
    {
        File.CreateSymbolicLink(SocketPath, _directory.File("elsewhere"));
        Assert.Equal(Errno.EEXIST, Assert.Throws<LinuxException>(() => UnixSocket.Listen(SocketPath, 0x180, 1)).Error);
        Assert.False(File.Exists(_directory.File("elsewhere")));
    }

    [Fact]
    public void A_path_that_no_socket_can_have_is_refused_with_its_limit()
    {
        var path = _directory.File(new string('x', 108));
        Assert.Contains("longer than 107 bytes", Assert.Throws<LinuxException>(() => UnixSocket.Listen(path, 0x180, 1)).Message, StringComparison.Ordinal);
        Assert.Null(UnixSocket.TryConnect(path, blocking: true, out var error));
        Assert.Equal(Errno.EINVAL, error);
    }

    [Fact]
    public void Where_nobody_ever_listened_there_is_no_connection()
    {
        Assert.Null(UnixSocket.TryConnect(SocketPath, blocking: true, out var error));
        Assert.Equal(Errno.ENOENT, error);
    }

    [Fact]
    public void The_kernel_tells_who_connected()
    {
        using var listener = Listen();
        using var client = Connect();
        _running.Settle();
        var peer = UnixSocket.Peer(Assert.Single(_accepted));
        Assert.Equal((Environment.ProcessId, Libc.geteuid()), (peer.Pid, peer.Uid));
        using var process = UnixSocket.TryPeerPidFd(_accepted[0]);
        Assert.True(process is null || !PidFd.HasExited(process));
    }

    [Fact]
    public void After_dispose_connections_are_refused_and_those_that_waited_end()
    {
        var listener = Listen();
        var client = _running.Invoke(() =>
        {
            var waiting = Connect();
            listener.Dispose();
            listener.Dispose();
            return waiting;
        });
        using (client) Assert.Throws<SocketException>(() => client.Receive(new byte[1]) == 0 ? throw new SocketException() : 0);
        Assert.Null(UnixSocket.TryConnect(SocketPath, blocking: true, out var error));
        Assert.Equal(Errno.ECONNREFUSED, error);
    }

    [Fact]
    public async Task Out_of_descriptors_a_listener_pauses_and_accepts_when_there_are_some_again()
    {
        var program = Path.Join(AppContext.BaseDirectory, "SysGenId.Core.Tests");
        var method = $"{typeof(ListenerTests).FullName}.{nameof(Part_of_the_test_without_descriptors)}";
        var result = await ChildProcess.RunAsync("prlimit", "--nofile=512", program, "-noColor", "-explicit", "only", "-method", method);
        Assert.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", result.OrThrow().Output, StringComparison.Ordinal);
    }

    [Fact(Explicit = true)]
    public void Part_of_the_test_without_descriptors()
    {
        using var listener = Listen();

        // The first round loads what the second needs: without descriptors the runtime cannot open its own files.
        using var first = Connect();
        _running.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Single(_accepted);

        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var taken = new Stack<Descriptor>();
        Errno error;
        while (Files.TryOpen("/dev/null", Files.ReadOnly, 0, out error) is { } file) taken.Push(file);
        client.Connect(new UnixDomainSocketEndPoint(SocketPath));
        _running.Settle();
        var acceptedWithout = _accepted.Count;
        foreach (var file in taken) file.Dispose();
        Assert.Equal((Errno.EMFILE, 1), (error, acceptedWithout));
        _running.Settle();
        Assert.Single(_accepted);
        _running.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(2, _accepted.Count);
    }

    private Listener Listen(uint mode = 0x180) => _running.Invoke(() => new Listener(_running.Loop, SocketPath, mode, _accepted.Add));

    private Socket Connect()
    {
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 20_000 };
        client.Connect(new UnixDomainSocketEndPoint(SocketPath));
        return client;
    }
}
