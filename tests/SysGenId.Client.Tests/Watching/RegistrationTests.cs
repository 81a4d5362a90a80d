using System.Net.Sockets;
using System.Runtime.InteropServices;
using SysGenId.Client.Pages;
using SysGenId.Client.Tests.Fixture;
using SysGenId.Client.Watching;
using SysGenId.Core.CounterPage;
using SysGenId.TestSupport;

namespace SysGenId.Client.Tests.Watching;

public sealed class RegistrationTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly PageUnderTest _page = new(5);
    private readonly List<Socket> _sockets = [];
    private readonly Registration _registration;

    public RegistrationTests() => _registration = new Registration(new MappedPage(CounterPageReader.Open(_page.Path)));

    public void Dispose()
    {
        _registration.Close();
        _sockets.ForEach(socket => socket.Dispose());
        _page.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void S23_acks_that_find_the_connection_ended_throw_nothing_and_the_next_one_begins_with_the_last_of_them()
    {
        var (socket, sidecar) = Connection();
        _registration.Open(socket, 5);
        Assert.True(_registration.IsConnected);
        sidecar.Dispose();

        foreach (var generation in new uint[] { 6, 7 })
        {
            _page.Bump();
            Assert.Equal(AcknowledgeOutcome.Acknowledged, _registration.Acknowledge(generation));
            Assert.False(_registration.IsConnected);
        }

        _registration.Detach();
        (socket, sidecar) = Connection();
        Assert.True(_registration.TryAttach(socket));
        Assert.True(_registration.IsConnected);
        Assert.Equal(7u, Word(sidecar));
    }

    [Fact]
    public void S23_one_that_comes_back_over_a_connection_that_ends_at_once_is_not_there()
    {
        _registration.Open(Connection().Socket, 5);
        _registration.Detach();
        var (socket, sidecar) = Connection();
        sidecar.Dispose();
        Assert.True(_registration.TryAttach(socket));
        Assert.Equal((false, true), (_registration.IsConnected, _registration.IsRegistered));
    }

    private (Socket Socket, Socket Sidecar) Connection()
    {
        var end = new UnixDomainSocketEndPoint(_directory.File($"{_sockets.Count}.sock"));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(end);
        listener.Listen(1);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(end);
        var sidecar = listener.Accept();
        _sockets.AddRange([socket, sidecar]);
        return (socket, sidecar);
    }

    private static uint Word(Socket sidecar)
    {
        var word = 0u;
        sidecar.ReceiveTimeout = (int)Eventually.Patience.TotalMilliseconds;
        Assert.Equal(sizeof(uint), sidecar.Receive(MemoryMarshal.AsBytes(new Span<uint>(ref word)), SocketFlags.None));
        return word;
    }
}
