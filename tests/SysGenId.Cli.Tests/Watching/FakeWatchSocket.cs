using System.Net.Sockets;
using SysGenId.TestSupport;

namespace SysGenId.Cli.Tests.Watching;

/// <summary>The server's side of a watch socket, word by word.</summary>
internal sealed class FakeWatchSocket : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public FakeWatchSocket(string path)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
    }

    public async Task<Connection> AcceptAsync() => new(await _listener.AcceptAsync().WaitAsync(Eventually.Patience, TimeProvider.System));

    public void Dispose() => _listener.Dispose();

    internal sealed class Connection(Socket socket) : IDisposable
    {
        private readonly NetworkStream _stream = new(socket, ownsSocket: true);

        public Task SendAsync(uint word) => _stream.WriteAsync(BitConverter.GetBytes(word)).AsTask();

        public async Task<uint> ReceiveAsync()
        {
            var word = new byte[sizeof(uint)];
            await _stream.ReadExactlyAsync(word).AsTask().WaitAsync(Eventually.Patience, TimeProvider.System);
            return BitConverter.ToUInt32(word);
        }

        public void Dispose() => _stream.Dispose();
    }
}
