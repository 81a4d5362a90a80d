using System.Net.Sockets;
using SysGenId.TestSupport;

namespace SysGenId.Checkpoint.Tests;

/// <summary>The outer end of a watch socket, moved by hand.</summary>
internal sealed class FakeWatchServer : IDisposable
{
    private const UnixFileMode Everybody = (UnixFileMode)0b110_110_110;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public FakeWatchServer(string path)
    {
        File.Delete(path);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, Everybody);
        _listener.Listen();
    }

    public async Task<FakeWatchConnection> AcceptAsync() =>
        new(await _listener.AcceptAsync().WaitAsync(Eventually.Patience, TimeProvider.System, TestContext.Current.CancellationToken));

    public void Dispose() => _listener.Dispose();
}
