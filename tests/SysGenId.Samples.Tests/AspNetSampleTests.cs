using SysGenId.Samples.Tests.Running;
using SysGenId.TestSupport;

namespace SysGenId.Samples.Tests;

/// <summary>The web application renews what it is and what it signs with, then acks.</summary>
public sealed class AspNetSampleTests(LocalNode node) : IClassFixture<LocalNode>
{
    private const string Listening = "      Now listening on: ";

    [Fact]
    public async Task S09_after_a_change_it_is_another_instance_with_another_key_and_has_acked()
    {
        await using var pod = await node.StartPodAsync();
        var sample = pod.Run("aspnet", "csharp", "--urls", "http://127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = new Uri((await sample.SaysAsync(Listening))[Listening.Length..]) };
        var (instance, key) = (await GetAsync(client, "/"), await KeyAsync(client));
        Assert.Equal(key, await KeyAsync(client));

        await pod.BumpAsync();
        await pod.AllHaveAdaptedAsync(watchers: 1);

        Assert.NotEqual(instance, await GetAsync(client, "/"));
        Assert.NotEqual(key, await KeyAsync(client));

        // The gate of this node is not proven, which is no reason not to serve.
        Assert.Equal("Degraded", await GetAsync(client, "/ready"));
    }

    [Fact]
    public async Task Without_a_node_it_says_what_is_missing()
    {
        using var directory = new TemporaryDirectory();
        await using var sample = new SampleProcess(directory.File("none"), "aspnet", "csharp", []);

        var code = await sample.EndAsync();

        Assert.NotEqual(0, code);
        Assert.Contains(directory.File("none"), sample.Errors, StringComparison.Ordinal);
    }

    private static async Task<string> KeyAsync(HttpClient client) => (await GetAsync(client, "/tokens/alice")).Split('.')[2];

    private static Task<string> GetAsync(HttpClient client, string path) => client.GetStringAsync(path, TestContext.Current.CancellationToken);
}
