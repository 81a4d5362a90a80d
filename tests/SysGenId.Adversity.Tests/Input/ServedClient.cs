using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using SysGenId.TestSupport;

namespace SysGenId.Adversity.Tests.Input;

/// <summary>Somebody who behaves, beside those who do not: asks one question after the other and notes how long answers take.</summary>
internal sealed class ServedClient : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly byte[] _question;
    private readonly Task _asking;
    private volatile bool _stopped;

    public ServedClient(string socket, string operation)
    {
        _socket.Connect(new UnixDomainSocketEndPoint(socket));
        _socket.ReceiveTimeout = (int)Eventually.Patience.TotalMilliseconds;
        _question = Encoding.UTF8.GetBytes($$"""{"op":"{{operation}}"}""" + "\n");

        // On a thread of its own: those of the pool are busy with the attack, and the wait for one of them is not the server's.
        _asking = Task.Factory.StartNew(Ask, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public int Answers { get; private set; }

    public TimeSpan Longest { get; private set; }

    /// <summary>Ends the questions.</summary>
    /// <exception cref="IOException">It was not served to the end.</exception>
    public async Task StopAsync()
    {
        _stopped = true;
        await _asking;
    }

    public async ValueTask DisposeAsync()
    {
        _stopped = true;
        await Task.WhenAny(_asking);
        _socket.Dispose();
    }

    public override string ToString() => $"{Answers} answers beside, the slowest after {Longest.TotalMilliseconds:0} ms";

    private void Ask()
    {
        using var answers = new StreamReader(new NetworkStream(_socket));
        while (!_stopped)
        {
            var start = TimeProvider.System.GetTimestamp();
            _socket.Send(_question);
            var answer = answers.ReadLine() ?? throw new EndOfStreamException();
            var elapsed = TimeProvider.System.GetElapsedTime(start);
            if (elapsed > Longest)
                Longest = elapsed;
            if (!JsonElement.Parse(answer).GetProperty("ok").GetBoolean())
                throw new IOException(answer);
            Answers++;
        }
    }
}
