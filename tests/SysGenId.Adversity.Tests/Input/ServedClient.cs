using SysGenId.TestSupport.Nodes;

namespace SysGenId.Adversity.Tests.Input;

/// <summary>Somebody who behaves, beside those who do not: asks one question after the other and notes how long answers take.</summary>
internal sealed class ServedClient : IAsyncDisposable
{
    private readonly JsonLineClient _client;
    private readonly object _question;
    private readonly Task _asking;
    private volatile bool _stopped;

    public ServedClient(string socket, string operation)
    {
        _client = JsonLineClient.Connect(socket);
        _question = new { op = operation };
        _asking = Task.Run(AskAsync);
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
        _client.Dispose();
    }

    public override string ToString() => $"{Answers} answers beside, the slowest after {Longest.TotalMilliseconds:0} ms";

    private async Task AskAsync()
    {
        while (!_stopped)
        {
            var start = TimeProvider.System.GetTimestamp();
            var answer = await _client.AskAsync(_question);
            var elapsed = TimeProvider.System.GetElapsedTime(start);
            if (elapsed > Longest)
                Longest = elapsed;
            if (!answer.GetProperty("ok").GetBoolean())
                throw new IOException($"{answer}");
            Answers++;
        }
    }
}
