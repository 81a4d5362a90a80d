using SysGenId.Operator.Tests.Agents;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Containers;

namespace SysGenId.Operator.Tests.Node.Peers;

/// <summary>Who may do what: by the kernel's word of the peer, over the agent's socket.</summary>
public sealed class PeerInspectorTests : IAsyncLifetime
{
    private const uint Nobody = 65534;

    private AgentUnderTest _agent = null!;

    public async ValueTask InitializeAsync()
    {
        Requires.Root();
        Requires.Compiler();
        _agent = await AgentUnderTest.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null) await _agent.DisposeAsync();
    }

    [Theory]
    [InlineData("status")]
    [InlineData("get")]
    [InlineData("force")]
    [InlineData("history")]
    [InlineData("wait-watchers")]
    [InlineData("prove-gate")]
    [InlineData("checkpointing")]
    [InlineData("checkpointed")]
    [InlineData("restored")]
    public async Task S13_An_ordinary_user_is_refused_and_nothing_changes(string operation)
    {
        using var peer = await RelayedClient.ConnectAsync(_agent.Socket, Nobody);
        await RefusedAsync(peer, operation);
        Assert.Equal((0u, 0), (_agent.Generation, (await _agent.HistoryAsync()).Count));
    }

    [Fact]
    public async Task S13_Root_of_another_user_namespace_is_refused()
    {
        using var peer = await RelayedClient.ConnectAsync(_agent.Socket, 0, null, "unshare", "--user", "--map-root-user");
        await RefusedAsync(peer, "force");
    }

    [Fact]
    public async Task S13_Root_in_a_mount_namespace_of_its_own_is_refused()
    {
        using var peer = await RelayedClient.ConnectAsync(_agent.Socket, 0, null, "unshare", "--mount");
        await RefusedAsync(peer, "force");
    }

    [Fact]
    public async Task The_root_of_the_host_may_from_any_cgroup_since_the_hook_runs_in_the_containers()
    {
        await using var cgroups = new CgroupTree();
        using var peer = await RelayedClient.ConnectAsync(_agent.Socket, 0, new PodUnderTest(cgroups).EntrancesOf("app"));
        var answer = await peer.AskAsync(new { op = "force" });
        Assert.Equal(1u, answer.GetProperty("generation").GetUInt32());
    }

    [Fact]
    public async Task Anybody_may_say_hello_and_anybody_outside_pods_but_root_may_not_register()
    {
        using var peer = await RelayedClient.ConnectAsync(_agent.Socket, Nobody);
        Assert.Equal("node", (await peer.AskAsync(new { op = "hello", protocol = 1 })).GetProperty("role").GetString());
        await RefusedAsync(peer, "register");
        Assert.Equal("not-registered", (await peer.AskAsync(new { op = "published" })).GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_process_in_a_pod_is_the_sidecar_of_that_pod_whoever_it_says_it_is()
    {
        await using var cgroups = new CgroupTree();
        var pod = new PodUnderTest(cgroups);
        using var peer = await RelayedClient.ConnectAsync(_agent.Socket, Nobody, pod.EntrancesOf("sysgenid"));
        Assert.True((await peer.AskAsync(new { op = "register", dir = "/nowhere", name = "other", podUid = Guid.NewGuid() })).GetProperty("ok").GetBoolean());
        Assert.Equal(pod.Uid, (await _agent.StatusAsync()).GetProperty("sidecars")[0].GetProperty("name").GetString());

        // What it may not, it may not after it registered either.
        await peer.ReceiveAsync();
        await peer.ReceiveAsync();
        await RefusedAsync(peer, "restored");
    }

    [Fact]
    public async Task Nobody_takes_more_connections_than_a_container_has_use_for()
    {
        var peers = new List<RelayedClient>();
        try
        {
            for (var count = 0; count < 32; count++) peers.Add(await RelayedClient.ConnectAsync(_agent.Socket, Nobody));
            foreach (var peer in peers) await peer.AskAsync(new { op = "hello" });

            using var oneMore = await RelayedClient.ConnectAsync(_agent.Socket, Nobody);
            Assert.Equal("too-many-connections", (await oneMore.ReceiveAsync()).GetProperty("error").GetString());
            await oneMore.ClosedAsync();

            // Others are not kept out by it, and neither is it once it has closed one.
            using var another = await RelayedClient.ConnectAsync(_agent.Socket, Nobody - 1);
            await another.AskAsync(new { op = "hello" });
            peers[0].Dispose();
            await Eventually.HoldsAsync(async () =>
            {
                using var again = await RelayedClient.ConnectAsync(_agent.Socket, Nobody);
                return (await again.AskAsync(new { op = "hello" })).GetProperty("ok").GetBoolean();
            });
        }
        finally
        {
            foreach (var peer in peers) peer.Dispose();
        }
    }

    private static async Task RefusedAsync(RelayedClient peer, string operation)
    {
        var answer = await peer.AskAsync(new { op = operation, dir = "/run/sysgenid", initPid = 1, stage = "post-restore" });
        Assert.Equal("permission-denied", answer.GetProperty("error").GetString());
    }
}
