using System.Text.Json;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Programs;

namespace SysGenId.Adversity.Tests.Harness;

/// <summary>Somebody else who speaks on a socket: a process with a uid, namespaces and a cgroup of its own.</summary>
internal sealed class Speaker : IAsyncDisposable
{
    /// <summary>The uid of whoever is not root.</summary>
    public const int Nobody = 65534;

    private readonly ChildProcess _process;
    private int _heard;

    private Speaker(ChildProcess process) => _process = process;

    /// <summary>Whether the other side has ended the connection.</summary>
    public bool IsClosed => _process.HasExited;

    /// <summary>The process that speaks.</summary>
    public int Pid => _process.Id;

    /// <summary>A process of a container of this pod, as runtimes start it: in a mount namespace of its own.</summary>
    public static async Task<Speaker> InPodAsync(PodOnTrial pod, string socket, int uid = Nobody, params IReadOnlyList<string> arguments)
    {
        var program = await CompileAsync();
        return new Speaker(pod.Start("liar", "unshare", ["-m", "setpriv", $"--reuid={uid}", "--clear-groups", program, socket, .. arguments]));
    }

    /// <summary>A process outside every pod, started through another program such as setpriv or unshare.</summary>
    public static async Task<Speaker> ThroughAsync(string socket, params IReadOnlyList<string> command) =>
        new(ChildProcess.Start(command[0], [.. command.Skip(1), await CompileAsync(), socket]));

    /// <summary>Sends one message, whatever it is.</summary>
    public async Task SayAsync(object message)
    {
        try
        {
            await _process.Input.WriteAsync(JsonSerializer.Serialize(message) + "\n");
            await _process.Input.FlushAsync();
        }
        catch (IOException)
        {
            // It has ended: who listens for the answer finds out.
        }
    }

    /// <summary>Returns the next line that came back.</summary>
    public async Task<JsonElement> HearAsync()
    {
        var line = await HearTextAsync();
        return line is "closed" ? throw new EndOfStreamException() : JsonElement.Parse(line);
    }

    /// <summary>Sends one message and returns the next answer; what was pushed in between is passed over.</summary>
    public async Task<JsonElement> AskAsync(object message)
    {
        await SayAsync(message);
        while (true)
        {
            var line = await HearAsync();
            if (line.TryGetProperty("ok", out _))
                return line;
        }
    }

    /// <summary>Returns the next push of a kind.</summary>
    public async Task<JsonElement> HearPushAsync(string operation)
    {
        while (true)
        {
            var line = await HearAsync();
            if (line.TryGetProperty("op", out var op) && op.GetString() == operation)
                return line;
        }
    }

    /// <summary>Returns the next line as it is.</summary>
    /// <exception cref="EndOfStreamException">It has ended and said no more.</exception>
    public async Task<string> HearTextAsync()
    {
        string? line = null;
        await Eventually.HoldsAsync(() => (line = NextLine()) is not null || _process.HasExited, what: "a line comes");

        // It may have ended before what it said last was read.
        if (line is null)
            await _process.ExitAsync();
        return line ?? NextLine() ?? throw new EndOfStreamException();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static Task<string> CompileAsync()
    {
        Requires.Compiler();
        return StaticProgram.CompileAsync("tests/SysGenId.Adversity.Tests/Programs/speaker.c");
    }

    private string? NextLine()
    {
        var lines = _process.Output.Split('\n');
        return _heard < lines.Length - 1 ? lines[_heard++] : null;
    }
}
