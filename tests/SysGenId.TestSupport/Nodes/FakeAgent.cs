using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace SysGenId.TestSupport.Nodes;

/// <summary>A real socket behind which a test decides what is answered. It remembers what it was asked.</summary>
internal sealed class FakeAgent : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ConcurrentQueue<JsonElement> _requests = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Socket, JsonElement, Task> _serve;
    private readonly Task _accepting;
    private readonly string _path;

    private FakeAgent(string path, Func<Socket, JsonElement, Task> serve)
    {
        (_path, _serve) = (path, serve);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(16);
        _accepting = AcceptAsync();
    }

    /// <summary>The requests so far, in the order they came.</summary>
    public IReadOnlyList<JsonElement> Requests => [.. _requests];

    /// <summary>Answers each request with a line.</summary>
    public static FakeAgent Answering(string path, Func<JsonElement, string> answer) => new(path, (socket, request) => SendAsync(socket, answer(request) + "\n"));

    /// <summary>Answers each request with the same line.</summary>
    public static FakeAgent Answering(string path, string answer) => Answering(path, _ => answer);

    /// <summary>Answers each request with bytes, whatever they are, and hangs up behind them.</summary>
    public static FakeAgent Sending(string path, Func<byte[]> bytes) => new(path, (socket, _) => socket.SendAsync(bytes()));

    /// <summary>Takes each request and says nothing, for as long as the other side likes.</summary>
    public static FakeAgent Silent(string path) => new(path, async (socket, _) => await socket.ReceiveAsync(new byte[1]));

    /// <summary>Takes each request and hangs up.</summary>
    public static FakeAgent HangingUp(string path) => new(path, (_, _) => Task.CompletedTask);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
        File.Delete(_path);
    }

    private static Task<int> SendAsync(Socket socket, string text) => socket.SendAsync(Encoding.UTF8.GetBytes(text));

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptAsync(_stop.Token));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        using (var reader = new StreamReader(new NetworkStream(socket)))
        {
            try
            {
                if (await reader.ReadLineAsync(_stop.Token) is not { } line) return;
                var request = JsonElement.Parse(line);
                _requests.Enqueue(request);
                await _serve(socket, request);
            }
            catch (Exception end) when (end is IOException or SocketException or OperationCanceledException)
            {
                // The other side has had enough.
            }
        }
    }
}
