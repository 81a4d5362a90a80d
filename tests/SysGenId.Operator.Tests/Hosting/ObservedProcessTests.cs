using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Operator.Tests.Hosting;

/// <summary>Metrics, health and log of a real agent.</summary>
public sealed class ObservedProcessTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly HttpClient _client = new();

    public ObservedProcessTests() => Requires.Root();

    private string AgentSocket => _directory.File("run/node.sock");

    public void Dispose()
    {
        _client.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task An_agent_tells_of_itself_over_HTTP_and_in_lines_of_JSON()
    {
        var port = FreePort.Take();
        await using var agent = Start($"127.0.0.1:{port}", "--log-format", "json");
        await Eventually.HoldsAsync(async () => await StatusAsync(port, "readyz") == HttpStatusCode.OK || agent.HasExited, what: "the agent is ready");
        using (var socket = JsonLineClient.Connect(AgentSocket)) await socket.AskAsync(new { op = "force", minimumGeneration = 41 });

        var metrics = await _client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"), TestContext.Current.CancellationToken);
        Assert.Contains("\nsysgenid_generation 41\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_bumps_total{cause=\"Forced\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\nsysgenid_state_writable 1\n", metrics, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(port, "healthz"));

        Assert.Equal(0, await agent.StopAsync());
        var lines = agent.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        Assert.Contains(lines, line => line.GetProperty("event").GetInt32() == 10 && line.GetProperty("name").GetString() is { Length: > 0 });
        Assert.All(lines, line => Assert.EndsWith("Z", line.GetProperty("time").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_port_in_use_ends_the_agent_with_a_sentence_before_it_serves()
    {
        using var occupant = new TcpListener(IPAddress.Loopback, 0);
        occupant.Start();
        var endpoint = occupant.LocalEndpoint.ToString()!;
        await using var agent = Start(endpoint);
        await agent.ExitAsync();
        Assert.Equal(1, agent.ExitCode);
        Assert.Contains($"Metrics and health cannot be served at {endpoint}: Address already in use.", agent.Output + agent.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(AgentSocket));
    }

    private ChildProcess Start(string endpoint, params string[] options) => ChildProcess.Start(
        OperatorProgram.Path,
        [
            "node", "--standalone", "--socket", AgentSocket, "--state-dir", _directory.File("state"), "--criu-config", _directory.File("criu.conf"),
            "--criu", "/nonexistent", "--http-address", endpoint, .. NoMachineSources.Arguments, .. options,
        ]);

    private async Task<HttpStatusCode?> StatusAsync(int port, string path)
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri($"http://127.0.0.1:{port}/{path}"), TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null; // Not yet.
        }
    }
}
