using System.Net.Sockets;
using SysGenId.TestSupport;

namespace SysGenId.Sidecar.Tests.Fixture;

/// <summary>A node agent that does what a test says, over a real socket.</summary>
internal sealed class FakeAgent : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _path;

    public FakeAgent(string path)
    {
        _path = path;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(16);
    }

    /// <summary>The next connection of a sidecar, not yet answered.</summary>
    public AgentSide Accept()
    {
        if (!_listener.Poll(Eventually.Patience, SelectMode.SelectRead)) throw new TimeoutException("no sidecar came");
        return new AgentSide(_listener.Accept());
    }

    /// <summary>The next connection of a sidecar, registered.</summary>
    public AgentSide AcceptRegistered()
    {
        var side = Accept();
        side.TakeRegistration();
        return side;
    }

    public void Dispose()
    {
        _listener.Dispose();
        File.Delete(_path);
    }
}
