using System.Net.Sockets;
using System.Text.Json;
using SysGenId.TestSupport;

namespace SysGenId.Conformance.Tests.Sockets;

/// <summary>The agent's side of a sidecar's connection, written from the protocol's description: it delivers what a test says.</summary>
internal sealed class AgentStandIn : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly SemaphoreSlim _turn = new(1);
    private Socket? _sidecar;
    private StreamReader? _lines;

    public AgentStandIn(string path)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(4);
    }

    /// <summary>Takes the registration of a sidecar that was started; one from before is left.</summary>
    public async Task RegisterAsync()
    {
        Leave();
        _sidecar = await _listener.AcceptAsync().WaitAsync(Eventually.Patience, TimeProvider.System);
        _lines = new StreamReader(new NetworkStream(_sidecar));
        await ReceiveAsync("register");
        await SendAsync(new { ok = true });
    }

    /// <summary>Delivers a change under a name of its own; returns what the pod confirms.</summary>
    public async Task<JsonElement> DeliverAsync(uint generation)
    {
        await _turn.WaitAsync();
        try
        {
            await SendAsync(new { op = "generation", generation, id = Guid.NewGuid(), cause = "ContainerRestored", timeNs = 1, gateProven = true });
            return await ReceiveAsync("published");
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Begins a checkpoint; returns when the sidecar has closed everything.</summary>
    public async Task QuiesceAsync()
    {
        await SendAsync(new { op = "quiesce", checkpoint = "checkpoint", container = "container" });
        await ReceiveAsync("quiesced");
    }

    /// <summary>Ends it.</summary>
    public Task ResumeAsync() => SendAsync(new { op = "resume", checkpoint = "checkpoint" });

    public Task ExpectWatchersAsync(int count) => SendAsync(new { op = "expect-watchers", container = "container", count });

    public void Dispose()
    {
        Leave();
        _listener.Dispose();
        _turn.Dispose();
    }

    private void Leave()
    {
        _lines?.Dispose();
        _sidecar?.Dispose();
    }

    private async Task SendAsync(object message) =>
        await _sidecar!.SendAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(message), (byte)'\n']);

    private async Task<JsonElement> ReceiveAsync(string operation)
    {
        while (true)
        {
            var line = await _lines!.ReadLineAsync().WaitAsync(Eventually.Patience, TimeProvider.System);
            var message = JsonElement.Parse(line ?? throw new EndOfStreamException("the sidecar left"));
            if (message.GetProperty("op").GetString() == operation) return message;
        }
    }
}
