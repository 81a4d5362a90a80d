using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using SysGenId.TestSupport;

namespace SysGenId.Cli.Tests;

/// <summary>A real unix socket whose owner answers what the test says.</summary>
internal sealed class FakeServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly TemporaryDirectory _directory = new();
    private readonly Func<string, byte[]?> _answer;
    private readonly ConcurrentQueue<string> _requests = new();

    private FakeServer(string name, Func<string, byte[]?> answer)
    {
        _answer = answer;
        Path = _directory.File(name);
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen();
        new Thread(Serve) { IsBackground = true }.Start();
    }

    /// <summary>The socket's path.</summary>
    public string Path { get; }

    /// <summary>The directory it is in.</summary>
    public TemporaryDirectory Directory => _directory;

    /// <summary>The lines that came, without greetings.</summary>
    public IReadOnlyList<string> Requests => [.. _requests.Where(line => !line.Contains("\"hello\""))];

    /// <summary>An agent: answers each operation with the JSON given for it.</summary>
    public static FakeServer Agent(params (string Operation, string Answer)[] answers) => Of("node.sock", "node", answers);

    /// <summary>A sidecar's control socket.</summary>
    public static FakeServer Pod(params (string Operation, string Answer)[] answers) => Of("control.sock", "pod", answers);

    /// <summary>Answers every line, greetings too, with these bytes; null hangs up, and so does the end of half a line.</summary>
    public static FakeServer Raw(Func<string, byte[]?> answer) => new("node.sock", answer);

    /// <summary>Answers greetings as an agent and every other line with these bytes; null hangs up.</summary>
    public static FakeServer AfterGreeting(Func<string, byte[]?> answer) =>
        new("node.sock", line => OperationOf(line) == "hello" ? Line(Greeting("node")) : answer(line));

    public static byte[] Line(string json) => Encoding.UTF8.GetBytes(json + "\n");

    public void Dispose()
    {
        _listener.Dispose();
        _directory.Dispose();
    }

    private static FakeServer Of(string name, string role, (string Operation, string Answer)[] answers) => new(name, line =>
    {
        var operation = OperationOf(line);
        if (operation == "hello") return Line(Greeting(role));
        var answer = answers.FirstOrDefault(known => known.Operation == operation).Answer;
        return Line(answer ?? """{"ok":false,"error":"unsupported-operation","message":"no such operation"}""");
    });

    private static string Greeting(string role) => $$"""{"ok":true,"protocol":1,"role":"{{role}}","version":"0.1.0"}""";

    private static string? OperationOf(string line) => JsonDocument.Parse(line).RootElement.GetProperty("op").GetString();

    private void Serve()
    {
        try
        {
            while (true)
            {
                var connection = _listener.Accept();
                new Thread(() => Serve(connection)) { IsBackground = true }.Start();
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private void Serve(Socket connection)
    {
        try
        {
            using var stream = new NetworkStream(connection, ownsSocket: true);
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is { } line)
            {
                _requests.Enqueue(line);
                if (_answer(line) is not { } bytes) return;
                stream.Write(bytes);
                if (bytes is [.., not (byte)'\n']) return;
            }
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException)
        {
            // The command has hung up.
        }
    }
}
