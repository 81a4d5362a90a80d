using System.Text.Json;
using SysGenId.TestSupport;

namespace SysGenId.VirtualMachine.Tests;

/// <summary>A guest that is a node with one pod: agent, sidecar and two watchers, of which one asks before it acks.</summary>
internal sealed class NodeInGuest : IAsyncDisposable
{
    /// <summary>Acks at once.</summary>
    public const string Prompt = "prompt";

    /// <summary>Acks when <see cref="LetCarefulAckAsync"/> was called.</summary>
    public const string Careful = "careful";

    private const string Permission = "/run/may-ack";
    private const string AgentId = "/run/agent.pid";
    private const string Pod = "/run/pod";

    /// <summary>.NET in an emulated processor.</summary>
    private static readonly TimeSpan _startPatience = TimeSpan.FromMinutes(2);

    /// <summary>An emulated processor on a loaded machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private NodeInGuest(Guest guest) => Guest = guest;

    public Guest Guest { get; }

    /// <summary>Boots a machine and starts everything in it; returns when both watchers are up to date.</summary>
    public static async Task<NodeInGuest> BootAsync(string image, Guid generationId)
    {
        var node = new NodeInGuest(await Guest.BootAsync(image, generationId));
        try
        {
            await node.StartAsync();
            return node;
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            var evidence = await node.EvidenceAsync();
            await node.DisposeAsync();
            throw new InvalidOperationException($"The guest did not become a node: {e.Message}\n{evidence}", e);
        }
    }

    /// <summary>Lets a snapshot of such a machine run on.</summary>
    public static async Task<NodeInGuest> ResumeAsync(Snapshot snapshot, Guid generationId) => new(await Guest.ResumeAsync(snapshot, generationId));

    /// <summary>Starts the agent; returns when it answers.</summary>
    public async Task StartAgentAsync()
    {
        await RunAsync($"/usr/lib/sysgenid/sysgenid-operator node --standalone >>/var/log/agent 2>&1 & echo $! >{AgentId}");
        // Looked for by the guest itself, and seldom: its one processor is the agent's for the time being.
        (await Guest.RunAsync("until sysgenid status; do sleep 0.2; done >/dev/null 2>&1", _startPatience)).OrThrow();
    }

    /// <summary>Ends the agent as systemd does; returns when it is gone.</summary>
    public async Task StopAgentAsync()
    {
        await SignalAgentAsync("TERM");
        await Eventually.HoldsAsync(
            async () => (await Guest.RunAsync($"kill -0 $(cat {AgentId})")).ExitCode != 0, _patience, what: "the agent in the guest has ended");
    }

    public Task SignalAgentAsync(string signal) => RunAsync($"kill -{signal} $(cat {AgentId})");

    /// <summary>Where the node stands, as its agent tells the command line.</summary>
    public Task<JsonElement> StatusAsync() => AskAsync("status");

    /// <summary>What the pod's counter page shows, which the command line maps as any program may.</summary>
    public Task<JsonElement> PageAsync() => AskAsync($"watch --count 0 --socket {Pod}/control.sock");

    /// <summary>What the agent remembers, oldest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> HistoryAsync() => [.. (await AskAsync("history")).GetProperty("changes").EnumerateArray()];

    /// <summary>Raises the generation by hand and returns it.</summary>
    public async Task<uint> BumpAsync() => JsonElement.Parse(await RunAsync("sysgenid bump --output json")).GetProperty("generation").GetUInt32();

    /// <summary>Waits for the watchers of the node as a script would; returns the exit code.</summary>
    public async Task<int> WaitForWatchersAsync(int seconds) => (await Guest.RunAsync($"sysgenid wait --timeout {seconds}")).ExitCode;

    public Task LetCarefulAckAsync() => RunAsync($"touch {Permission}");

    /// <summary>The lines of the kernel's log that read like the kernel's own about a fork.</summary>
    public async Task<IReadOnlyList<KernelFork>> KernelForksAsync() => KernelFork.ParseAll(await RunAsync("kernel-log"));

    /// <summary>Waits until the kernel has noticed so many forks since the machine was booted, and returns the last.</summary>
    public async Task<KernelFork> ForkedAsync(int times = 1)
    {
        await Eventually.HoldsAsync(async () => (await KernelForksAsync()).Count >= times, _patience, what: $"the guest's kernel tells of {times} forks");
        return Assert.Single((await KernelForksAsync()).Skip(times - 1));
    }

    /// <summary>Waits until the machine's firmware has told the kernel to look at the generation id.</summary>
    public Task LookedAtIdAsync() => Eventually.HoldsAsync(
        async () => (await RunAsync("cat /sys/firmware/acpi/interrupts/gpe05")).Trim().Split(' ')[0] != "0", _patience, what: "the guest's kernel looks at the generation id");

    /// <summary>Waits until a watcher was told of a generation.</summary>
    public Task<WatcherReport> WokenAsync(string watcher, uint generation) => ReportedAsync(watcher, "word", generation);

    /// <summary>Waits until a watcher has acked a generation.</summary>
    public Task<WatcherReport> AckedAsync(string watcher, uint generation) => ReportedAsync(watcher, "acked", generation);

    /// <summary>Runs a command line that must succeed; returns what it printed.</summary>
    public async Task<string> RunAsync(string command) => (await Guest.RunAsync(command)).OrThrow().Output;

    /// <summary>All that the guest and its programs said.</summary>
    public async Task<string> EvidenceAsync()
    {
        try
        {
            await Guest.RunAsync("cat /var/log/agent /var/log/sidecar");
        }
        catch (Exception e) when (e is TimeoutException or IOException or System.Net.Sockets.SocketException)
        {
            // It does not answer any more; what it said before is there.
        }

        return Guest.Evidence;
    }

    public ValueTask DisposeAsync() => Guest.DisposeAsync();

    private async Task StartAsync()
    {
        await Guest.BootedAsync();
        await StartAgentAsync();
        await RunAsync($"sysgenid-sidecar --dir {Pod} --agent /run/sysgenid/node.sock >>/var/log/sidecar 2>&1 &");
        await RunAsync($"sysgenid-sidecar ready --dir {Pod} --wait 60");

        // Before it has heard of the agent its page has no name, and the clones would have none in common with it.
        (await Guest.RunAsync($"until sysgenid status --socket {Pod}/control.sock --output json | grep -q '\"agentConnected\":true'; do sleep 0.2; done", _startPatience)).OrThrow();
        await RunAsync($"touch {Permission}");
        await RunAsync($"watcher {Prompt} {Pod}/watch.sock /dev/ttyS2 &");
        await RunAsync($"watcher {Careful} {Pod}/watch.sock /dev/ttyS2 {Permission} &");
        await AckedAsync(Prompt, 0);
        await AckedAsync(Careful, 0);
        await RunAsync($"rm {Permission}");
    }

    private Task<WatcherReport> ReportedAsync(string watcher, string what, uint generation) => Eventually.ReturnsAsync(
        () => Guest.Reports.FirstOrDefault(report => report.Watcher == watcher && report.Event == what && report.Value == generation),
        _patience,
        what: $"{watcher} reports {what} {generation}");

    // The command line gives up after seconds that are enough on a processor; what only looks may look again.
    private async Task<JsonElement> AskAsync(string command)
    {
        CommandResult? answer = null;
        await Eventually.HoldsAsync(
            async () => (answer = await Guest.RunAsync($"sysgenid {command} --output json")).ExitCode != ExitCodes.NoAnswer, _patience, what: $"`sysgenid {command}` is answered");
        return JsonElement.Parse(answer!.OrThrow().Output);
    }
}
