using System.Text.Json;
using SysGenId.Core.Linux;

namespace SysGenId.Operator.Tests.Agents;

/// <summary>A sidecar that does what a test says: registered from this process, so it is told by the page it owns.</summary>
internal sealed class FakeSidecar : IDisposable
{
    private const int PageLength = 4096;

    private readonly ILineClient _client;

    private FakeSidecar(ILineClient client, string directory) => (_client, Directory) = (client, directory);

    /// <summary>Where its page is, for containers to mount.</summary>
    public string Directory { get; }

    /// <summary>Makes a directory with a page for a sidecar of that name.</summary>
    public static string PageDirectory(AgentUnderTest agent, string name)
    {
        var directory = agent.NewDirectory(name);
        File.WriteAllBytes(Path.Combine(directory, "generation"), new byte[PageLength]);
        return directory;
    }

    /// <summary>Registers one that has a page of its own, outside pods, and takes in the change it is given first.</summary>
    public static Task<FakeSidecar> RegisterAsync(AgentUnderTest agent, string name, uint generation = 0, Guid id = default) =>
        RegisterAsync(new SocketClient(agent.Connect()), PageDirectory(agent, name), generation, id);

    /// <summary>Registers one on a connection, with the page in that directory.</summary>
    public static async Task<FakeSidecar> RegisterAsync(ILineClient client, string directory, uint generation = 0, Guid id = default)
    {
        var sidecar = new FakeSidecar(client, directory);
        await client.SendAsync(new { op = "register", protocol = 1, dir = directory, generation, id });
        var answer = await client.ReceiveAsync();
        Assert.True(answer.GetProperty("ok").GetBoolean(), answer.ToString());
        Assert.Equal("gate", (await client.ReceiveAsync()).GetProperty("op").GetString());
        return sidecar;
    }

    /// <summary>The next thing the agent says, which must be this.</summary>
    public async Task<JsonElement> NextAsync(string operation)
    {
        var message = await _client.ReceiveAsync();
        Assert.Equal(operation, message.GetProperty("op").GetString());
        return message;
    }

    /// <summary>The next change, published as told.</summary>
    public async Task<JsonElement> PublishNextAsync(int watchers = 0, int outdated = 0)
    {
        var change = await NextAsync("generation");
        await PublishedAsync(change, watchers, outdated);
        return change;
    }

    /// <summary>Says that a change is on its page.</summary>
    public Task PublishedAsync(JsonElement change, int watchers = 0, int outdated = 0) => SendAsync(new
    {
        op = "published",
        id = change.GetProperty("id").GetGuid(),
        generation = change.GetProperty("generation").GetUInt32(),
        watchers,
        outdated,
    });

    /// <summary>Proves that the agent has sent nothing so far but what was received: it answers in order.</summary>
    public async Task HasHeardNothingAsync()
    {
        await SendAsync(new { op = "hello", protocol = 1 });
        var answer = await _client.ReceiveAsync();
        Assert.True(answer.TryGetProperty("role", out _), answer.ToString());
    }

    /// <summary>Shows the agent processes, as those whose watchers it disconnected for a checkpoint.</summary>
    public void Show(JsonElement quiesce, params IReadOnlyList<Descriptor> processes) =>
        Send(new { op = "watcher-peers", checkpoint = quiesce.GetProperty("checkpoint").GetString(), watchers = processes.Count }, [.. processes.Select(process => process.Number)]);

    /// <summary>Sends a message with descriptors.</summary>
    public void Send(object message, IReadOnlyList<int> descriptors) => ((SocketClient)_client).Send(message, descriptors);

    public Task SendAsync(object message) => _client.SendAsync(message);

    public void Dispose() => _client.Dispose();
}
