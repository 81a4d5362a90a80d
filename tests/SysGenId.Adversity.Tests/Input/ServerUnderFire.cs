using SysGenId.Adversity.Tests.Harness;
using SysGenId.TestSupport;

namespace SysGenId.Adversity.Tests.Input;

/// <summary>Agent or sidecar with somebody well-behaved beside the attack; afterwards it must be as it was.</summary>
internal sealed class ServerUnderFire : IAsyncDisposable
{
    /// <summary>A fair share of two busy processors: what is asked beside an attack is answered within this.</summary>
    private static readonly TimeSpan _latencyBound = TimeSpan.FromSeconds(1);

    /// <summary>The process that called, while the agent watches for its end.</summary>
    private const int Slack = 1;

    private readonly NodeOnTrial _node;
    private readonly ServedClient _client;
    private readonly long _memory;
    private readonly int _descriptors;

    private ServerUnderFire(NodeOnTrial node, PodOnTrial pod, string target, ServedClient client)
    {
        _node = node;
        Pod = pod;
        Process = target == "agent" ? node.Process : pod.Sidecar;
        MostMemory = (target == "agent" ? 64 : 8) << 20;
        Socket = target switch { "agent" => node.Socket, "control" => pod.ControlSocket, _ => pod.WatchSocket };
        _client = client;
        _memory = Memory;
        _descriptors = Descriptors;
    }

    /// <summary>The sockets of the product that others can reach.</summary>
    public static TheoryData<string> Targets => ["agent", "control", "watch"];

    public string Socket { get; }

    public PodOnTrial Pod { get; }

    /// <summary>The process that serves the socket.</summary>
    public ChildProcess Process { get; }

    /// <summary>How much more memory it may have afterwards, in bytes.</summary>
    public long MostMemory { get; }

    private long Memory => long.Parse(File.ReadLines($"/proc/{Process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ')[^2]) << 10;

    // Sockets and what the kernel makes without a name; the files of a runtime that loads what it needs are another matter.
    private int Descriptors => Directory.EnumerateFileSystemEntries($"/proc/{Process.Id}/fd")
        .Select(entry => new FileInfo(entry).LinkTarget)
        .Count(target => target?.StartsWith("socket:", StringComparison.Ordinal) == true || target?.StartsWith("anon_inode:", StringComparison.Ordinal) == true);

    public static async Task<ServerUnderFire> StartAsync(string target)
    {
        var node = await NodeOnTrial.StartAsync();
        var pod = await node.StartPodAsync();
        var client = new ServedClient(target == "agent" ? node.Socket : pod.ControlSocket, "status");
        await Eventually.HoldsAsync(() => client.Answers > 0, what: "who is well-behaved is served");
        return new ServerUnderFire(node, pod, target, client);
    }

    /// <summary>The attack is over: everybody beside it was served, nothing is left of it, and generations still get through.</summary>
    public async Task<string> HasSurvivedAsync()
    {
        await _client.StopAsync();
        Assert.False(Process.HasExited, $"it ended: {Process.Output}{Process.Errors}");
        Assert.True(_client.Longest < _latencyBound, $"{_client}");
        await Eventually.HoldsAsync(() => Descriptors <= _descriptors + Slack, what: $"no more than the {_descriptors} sockets from before are open");
        await Eventually.HoldsAsync(() => Memory - _memory <= MostMemory, what: "memory is what it was before");
        var generation = await _node.ForceAsync();
        await Eventually.HoldsAsync(() => Pod.Generation >= generation, what: "the pod shows a generation forced after the attack");
        return $"{_client}; memory {_memory >> 10} KiB before, {Memory >> 10} KiB after";
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _node.DisposeAsync();
    }
}
