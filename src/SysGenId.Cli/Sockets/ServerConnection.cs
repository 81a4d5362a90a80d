using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;

namespace SysGenId.Cli.Sockets;

/// <summary>A connection to an agent or control socket: one question, one answer, a time limit on each.</summary>
internal sealed class ServerConnection : IDisposable
{
    /// <summary>For what is answered from memory. Far above any honest answer, short enough for a person to wait.</summary>
    public static readonly TimeSpan QuickAnswer = TimeSpan.FromSeconds(10);

    private readonly Descriptor _socket;
    private readonly TimeProvider _clock;
    private byte[] _input = new byte[4096];
    private int _length;

    private ServerConnection(Descriptor socket, string path, TimeProvider clock) => (_socket, Path, _clock) = (socket, path, clock);

    /// <summary>The socket's path.</summary>
    public string Path { get; }

    /// <summary>Who serves it, by its own word.</summary>
    public SocketRole Role { get; private set; }

    /// <summary>The server's version.</summary>
    public string ServerVersion { get; private set; } = "";

    /// <summary>Connects and greets.</summary>
    /// <exception cref="CommandFailure">Nobody answers, or not as SysGenId does.</exception>
    public static ServerConnection Open(string path, TimeProvider clock)
    {
        var socket = Connect(path);
        var connection = new ServerConnection(socket, path, clock);
        try
        {
            connection.Greet();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Asks and returns the answer, success or not.</summary>
    /// <param name="request">The question.</param>
    /// <param name="within">At most so long; null waits without limit.</param>
    /// <exception cref="CommandFailure">No answer in time, or none that can be understood.</exception>
    public Answer Ask(Message request, TimeSpan? within)
    {
        // A server that refuses says why before it hangs up: what it sent is read even if it takes nothing any more.
        UnixSocket.Send(_socket, MessageWriter.ToLine(request), out _);
        return Answer.Parse(ReadLine(within));
    }

    /// <summary>Asks what is answered at once; anything but success ends the command.</summary>
    /// <exception cref="CommandFailure">No answer, or an error of the server's.</exception>
    public Answer Demand(Message request) => Demand(request, QuickAnswer);

    /// <inheritdoc cref="Demand(Message)"/>
    public Answer Demand(Message request, TimeSpan? within)
    {
        var answer = Ask(request, within);
        return answer.IsOk ? answer : throw ServerRefusal.Of(answer, Role);
    }

    public void Dispose() => _socket.Dispose();

    private static Descriptor Connect(string path)
    {
        try
        {
            if (UnixSocket.TryConnect(path, blocking: false, out var error) is { } socket) return socket;
            throw NoConnection(path, error);
        }
        catch (LinuxException fault)
        {
            throw NoConnection(path, fault.Error);
        }
    }

    private static CommandFailure NoConnection(string path, Errno error) => error switch
    {
        Errno.EACCES or Errno.EPERM => new CommandFailure(
            ExitCode.PermissionDenied, ErrorCode.PermissionDenied, $"You may not connect to {path}.",
            "Run the command as root; in a container, use the control socket of its pod."),
        Errno.ENOENT => Nobody($"Nobody answers at {path}: there is no such file."),
        Errno.ECONNREFUSED => Nobody($"Nobody answers at {path}: the socket is there, but nobody serves it now."),
        Errno.EAGAIN => Nobody($"Nobody answers at {path}: too many others wait there."),
        Errno.EINVAL => new CommandFailure(
            ExitCode.NoAnswer, FailureCode.NoAnswer, $"Nobody can serve {path}: a socket's path has at most {UnixSocket.MaximumPathLength} bytes."),
        _ => Nobody($"Nobody answers at {path} ({error})."),
    };

    private static CommandFailure Nobody(string sentence) => new(
        ExitCode.NoAnswer, FailureCode.NoAnswer, sentence,
        "On a node, start the agent (`sysgenid-operator node --standalone`); in a pod, see that its sidecar runs. "
        + "Other sockets are named with --socket.");

    private void Greet()
    {
        var answer = Demand(new Message { Op = Operation.Hello, Protocol = ProtocolLimits.Version });
        Role = answer.Text(MessageField.Role) switch
        {
            "node" => SocketRole.Node,
            "pod" => SocketRole.Pod,
            _ => throw new CommandFailure(
                ExitCode.Failed, FailureCode.MalformedAnswer, $"{Path} is served by something this program does not know.",
                "Use the programs of one version of SysGenId together."),
        };
        ServerVersion = answer.Text(MessageField.Version) ?? "";
    }

    private ReadOnlyMemory<byte> ReadLine(TimeSpan? within)
    {
        var start = _clock.GetTimestamp();
        var searched = 0;
        while (true)
        {
            var end = _input.AsSpan(searched, _length - searched).IndexOf((byte)'\n');
            if (end >= 0) return TakeLine(searched + end);
            searched = _length;
            if (_length >= ProtocolLimits.MaximumAnswerLength) throw TooLong();
            Receive();
            if (_length == searched) WaitForInput(start, within);
        }
    }

    private void Receive()
    {
        if (_length == _input.Length) Array.Resize(ref _input, Math.Min(_input.Length * 4, ProtocolLimits.MaximumAnswerLength));
        var count = UnixSocket.Receive(_socket, _input.AsSpan(_length), out var error);
        if (count > 0) _length += count;
        else if (count == 0 || error is not (Errno.EAGAIN or Errno.EINTR)) throw HungUp();
    }

    private void WaitForInput(long start, TimeSpan? within)
    {
        var left = within is { } limit ? limit - _clock.GetElapsedTime(start) : TimeSpan.MaxValue;
        if (left <= TimeSpan.Zero) throw TooSlow(within!.Value);
        Readiness.Wait(_socket, Readiness.Readable, left);
    }

    private byte[] TakeLine(int length)
    {
        var line = _input[..length];
        _length -= length + 1;
        _input.AsSpan(length + 1, _length).CopyTo(_input);
        return line;
    }

    private CommandFailure HungUp() => new(
        ExitCode.NoAnswer, FailureCode.NoAnswer, $"The connection to {Path} ended before the answer.",
        "The server stopped or is closed for a checkpoint. Try again in a moment.");

    private CommandFailure TooSlow(TimeSpan limit) => new(
        ExitCode.NoAnswer, FailureCode.NoAnswer, $"{Path} did not answer within {limit.TotalSeconds:0.#} s.",
        "Its server hangs or the machine is overloaded: look at its log, then restart it.");

    private CommandFailure TooLong() => new(
        ExitCode.Failed, FailureCode.MalformedAnswer,
        $"The answer of {Path} is longer than {ProtocolLimits.MaximumAnswerLength} bytes and was not read.",
        "Is this the socket of SysGenId?");
}
