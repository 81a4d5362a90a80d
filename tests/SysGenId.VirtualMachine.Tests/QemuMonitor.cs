using System.Net.Sockets;
using System.Text.Json;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.VirtualMachine.Tests;

/// <summary>QEMU's machine protocol: one JSON object a line, events between the answers.</summary>
internal sealed class QemuMonitor : IDisposable
{
    private readonly JsonLineClient _client;

    private QemuMonitor(JsonLineClient client) => _client = client;

    /// <summary>Connects as soon as QEMU greets there: then it has made everything else, too.</summary>
    public static async Task<QemuMonitor> ConnectAsync(string path)
    {
        var monitor = new QemuMonitor(await Eventually.ReturnsAsync(() => TryConnect(path), what: $"QEMU listens at {path}"));
        await monitor._client.ReceiveAsync();
        await monitor.ExecuteAsync("qmp_capabilities");
        return monitor;
    }

    /// <summary>Runs a command and returns its answer.</summary>
    /// <exception cref="InvalidOperationException">QEMU refused.</exception>
    public async Task<JsonElement> ExecuteAsync(string command, object? arguments = null)
    {
        await _client.SendAsync(arguments is null ? new { execute = command } : new { execute = command, arguments });
        while (true)
        {
            var message = await _client.ReceiveAsync();
            if (message.TryGetProperty("return", out var answer))
                return answer;
            if (message.TryGetProperty("error", out var error))
                throw new InvalidOperationException($"QEMU refused {command}: {error}");
        }
    }

    /// <summary>Waits until a query answers with this status.</summary>
    public Task StatusAsync(string query, Func<string?, bool> expected) => Eventually.HoldsAsync(
        async () => expected((await ExecuteAsync(query)) is var answer && answer.TryGetProperty("status", out var status) ? status.GetString() : null),
        within: TimeSpan.FromMinutes(1),
        what: $"{query} has the status that was waited for");

    public void Dispose() => _client.Dispose();

    private static JsonLineClient? TryConnect(string path)
    {
        try
        {
            return JsonLineClient.Connect(path);
        }
        catch (SocketException)
        {
            return null; // Not yet.
        }
    }
}
