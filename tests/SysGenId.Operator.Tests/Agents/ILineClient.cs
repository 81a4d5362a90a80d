using System.Text.Json;

namespace SysGenId.Operator.Tests.Agents;

/// <summary>A connection to the agent, by this process or by another for it.</summary>
internal interface ILineClient : IDisposable
{
    /// <summary>Sends one object as a line.</summary>
    Task SendAsync(object message);

    /// <summary>The next line from the agent.</summary>
    Task<JsonElement> ReceiveAsync();
}
