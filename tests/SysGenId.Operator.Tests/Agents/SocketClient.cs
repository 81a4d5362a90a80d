using System.Text.Json;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Operator.Tests.Agents;

/// <summary>A connection of this process.</summary>
internal sealed class SocketClient(JsonLineClient client) : ILineClient
{
    public Task SendAsync(object message) => client.SendAsync(message);

    public Task<JsonElement> ReceiveAsync() => client.ReceiveAsync();

    public void Send(object message, IReadOnlyList<int> descriptors) => client.Send(message, descriptors);

    public void Dispose() => client.Dispose();
}
