using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using SysGenId.Core.CounterPage;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Operator.Tests.Hosting;

/// <summary>The agent as a process: what systemd and its signals see.</summary>
public sealed class NodeProcessTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public NodeProcessTests() => Requires.Root();

    private string AgentSocket => _directory.File("run/node.sock");

    private string NotificationSocket => _directory.File("notify.sock");

    private string[] Arguments =>
        ["node", "--standalone", "--socket", AgentSocket, "--state-dir", _directory.File("state"), "--criu-config", _directory.File("criu.conf"), "--criu", "/nonexistent", .. NoMachineSources.Arguments];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(15)]
    [InlineData(2)]
    public async Task A_signal_ends_it_in_good_order(int signal)
    {
        await using var agent = ChildProcess.Start(OperatorProgram.Path, Arguments);
        await ServesAsync(agent);
        await AskAsync(new { op = "force", minimumGeneration = 41 });
        Assert.Equal(PageFlags.AgentConnected, Flags());

        agent.Send((Signal)signal);
        await agent.ExitAsync();
        Assert.Equal((0, PageFlags.None), (agent.ExitCode, Flags()));
        var state = JsonElement.Parse(File.ReadAllText(_directory.File("state/state.json")));
        Assert.Equal((true, 41u), (state.GetProperty("isClean").GetBoolean(), state.GetProperty("current").GetProperty("generation").GetUInt32()));
    }

    [Fact]
    public async Task A_signal_ends_it_also_while_somebody_waits()
    {
        await using var agent = ChildProcess.Start(OperatorProgram.Path, Arguments);
        await ServesAsync(agent);
        var directory = _directory.CreateDirectory("pod");
        File.WriteAllBytes(Path.Combine(directory, "generation"), new byte[PageLayout.Length]);
        using var sidecar = JsonLineClient.Connect(AgentSocket);
        await sidecar.AskAsync(new { op = "register", dir = directory });
        using var client = JsonLineClient.Connect(AgentSocket);
        await client.SendAsync(new { op = "wait-watchers", timeoutMs = 0 });
        Assert.Equal(0, await agent.StopAsync());
        await Assert.ThrowsAnyAsync<IOException>(() => client.ReceiveAsync());
    }

    [Fact]
    public async Task S02_A_crash_is_followed_by_the_same_generation_from_the_page_or_one_above_the_ceiling_without_it()
    {
        var first = ChildProcess.Start(OperatorProgram.Path, Arguments);
        await ServesAsync(first);
        var force = await AskAsync(new { op = "force", minimumGeneration = 41 });
        await first.DisposeAsync();

        var second = ChildProcess.Start(OperatorProgram.Path, Arguments);
        await ServesAsync(second);
        var status = await AskAsync(new { op = "status" });
        Assert.Equal((41u, force.GetProperty("id").GetGuid()), (status.GetProperty("generation").GetUInt32(), status.GetProperty("id").GetGuid()));
        await second.DisposeAsync();

        Directory.Delete(_directory.File("run"), recursive: true);
        await using var third = ChildProcess.Start(OperatorProgram.Path, Arguments);
        await ServesAsync(third);
        status = await AskAsync(new { op = "status" });
        Assert.Equal((131_073u, "AgentStateLost"), (status.GetProperty("generation").GetUInt32(), status.GetProperty("cause").GetString()));
    }

    [Fact]
    public async Task Systemd_is_told_when_it_serves_and_when_it_stops()
    {
        using var notifications = Notifications();
        await using var agent = StartNotifying();
        Assert.Contains("READY=1", await ReceiveAsync(notifications), StringComparison.Ordinal);
        Assert.True((await AskAsync(new { op = "status" })).GetProperty("ok").GetBoolean());
        agent.Send(Signal.Terminate);
        Assert.Contains("STOPPING=1", await ReceiveAsync(notifications), StringComparison.Ordinal);
        await agent.ExitAsync();
        Assert.Equal(0, agent.ExitCode);
    }

    [Fact]
    public async Task Systemd_is_not_told_that_an_agent_serves_that_failed_at_its_start()
    {
        Directory.CreateDirectory(_directory.File("run"));
        File.WriteAllText(AgentSocket, "precious");
        using var notifications = Notifications();
        await using var agent = StartNotifying();
        await agent.ExitAsync();
        Assert.Equal(1, agent.ExitCode);
        while (notifications.Available > 0) Assert.DoesNotContain("READY=1", await ReceiveAsync(notifications), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_cannot_serve_says_why_in_one_line_and_exits_with_1()
    {
        Directory.CreateDirectory(_directory.File("run"));
        File.WriteAllText(AgentSocket, "precious");
        var result = await OperatorProgram.RunAsync(Arguments);
        Assert.Equal(1, result.ExitCode);
        var line = Assert.Single((result.Output + result.Errors).Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.Contains("The node agent ended", StringComparison.Ordinal));
        Assert.Contains("something that is not a socket is there", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Output + result.Errors, StringComparison.Ordinal);
    }

    private async Task ServesAsync(ChildProcess agent) => await Eventually.HoldsAsync(
        async () =>
        {
            if (agent.HasExited) throw new InvalidOperationException(agent.Output + agent.Errors);
            try
            {
                return (await AskAsync(new { op = "status" })).GetProperty("ok").GetBoolean();
            }
            catch (Exception failure) when (failure is SocketException or IOException)
            {
                return false;
            }
        },
        what: "the agent serves");

    private async Task<JsonElement> AskAsync(object request)
    {
        using var client = JsonLineClient.Connect(AgentSocket);
        return await client.AskAsync(request);
    }

    private Socket Notifications()
    {
        var notifications = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        notifications.Bind(new UnixDomainSocketEndPoint(NotificationSocket));
        return notifications;
    }

    private ChildProcess StartNotifying() => ChildProcess.Start("env", [$"NOTIFY_SOCKET={NotificationSocket}", OperatorProgram.Path, .. Arguments]);

    private static async Task<string> ReceiveAsync(Socket notifications)
    {
        var buffer = new byte[4096];
        using var patience = new CancellationTokenSource(Eventually.Patience);
        return Encoding.UTF8.GetString(buffer, 0, await notifications.ReceiveAsync(buffer, patience.Token));
    }

    private PageFlags Flags()
    {
        using var page = CounterPageReader.Open(_directory.File("run/generation"));
        return page.Read().Flags;
    }
}
