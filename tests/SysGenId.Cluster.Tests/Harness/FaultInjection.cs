using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using SysGenId.Operator.Cluster;
using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Harness;

/// <summary>Makes the test API server misbehave. All rules are cleared by <see cref="ClearAsync"/>: tests share a server.</summary>
internal sealed class FaultInjection(ClusterConnection admin)
{
    /// <summary>Lets coming requests fail.</summary>
    public Task AddAsync(FaultRule rule) => SendAsync(HttpMethod.Post, "rules", JsonSerializer.SerializeToNode(rule, JsonOptions));

    /// <summary>All requests are well again.</summary>
    public Task ClearAsync() => SendAsync(HttpMethod.Delete, "rules");

    /// <summary>Resets every connection of every client; returns when that is done: the server answers first and drops then.</summary>
    public async Task DropConnectionsAsync()
    {
        using var canary = new TcpClient();
        await canary.ConnectAsync(admin.BaseUri.Host, admin.BaseUri.Port, TestContext.Current.CancellationToken);
        await SendAsync(HttpMethod.Post, "drop-connections");
        using var patience = new CancellationTokenSource(Eventually.Patience, TimeProvider.System);
        try
        {
            await canary.GetStream().ReadExactlyAsync(new byte[1], patience.Token);
        }
        catch (IOException)
        {
            // It was one of them.
        }
    }

    /// <summary>Ends all watches in good order.</summary>
    public Task DropWatchesAsync() => SendAsync(HttpMethod.Post, "drop-watches");

    /// <summary>Forgets old resource versions: who asks for one gets 410.</summary>
    public Task CompactAsync() => SendAsync(HttpMethod.Post, "compact");

    /// <summary>The rules that are not used up.</summary>
    public async Task<string> RulesAsync()
    {
        using var response = await admin.SendAsync(HttpMethod.Get, "faults/rules", null, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    private async Task SendAsync(HttpMethod method, string what, JsonNode? body = null)
    {
        try
        {
            using var response = await admin.SendAsync(method, $"faults/{what}", body, TestContext.Current.CancellationToken);
        }
        catch (Exception e) when (what == "drop-connections" && e is HttpRequestException or IOException)
        {
            // Our own connection is one of them.
        }
    }
}
