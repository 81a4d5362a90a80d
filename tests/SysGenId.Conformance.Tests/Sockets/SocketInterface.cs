using System.Globalization;
using SysGenId.Checkpoint.Tests;
using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.TestSupport.Programs;

namespace SysGenId.Conformance.Tests.Sockets;

/// <summary>Watch socket, control socket and page of the sidecar as it is shipped, used without any library.</summary>
internal sealed class SocketInterface : IContainedWatchers, INodeInterface
{
    public string Name => "sockets";

    public string Description =>
        "watch socket, control socket and page of a `sysgenid-sidecar` process; real agents, hooks and CRIU where a rule is theirs";

    public IReadOnlyDictionary<Capability, string> Inexpressible { get; } = new Dictionary<Capability, string>
    {
        [Capability.RepeatedRead] = "A stream gives every word once: to keep it until the acknowledgement is its reader's part.",
        [Capability.ReadLengths] = "A stream has no messages: a reader gets as many bytes as it asks for, in pieces if it likes.",
        [Capability.AckLengths] = "A stream has no messages: what is missing of a word may follow, and what is over begins the next.",
    };

    // One of each kind: it spins on the page, sleeps on it by futex, by inotify, and reads the watch socket.
    public string Command =>
        "futex-waiter /dev/sysgenid /work/futex & inotify-waiter /run/sysgenid/generation /work/inotify & " +
        "watcher /run/sysgenid/watch.sock /work/watch --ack-when /work/go & exec spinner /dev/sysgenid /work/spinner";

    public int Watchers => 1;

    public async Task<IGenerationWorld> CreateAsync(uint generation) => await SocketWorld.StartAsync(generation);

    public IPodView Look(string directory) => new SocketView(directory);

    public Task<IReadOnlyList<string>> ProgramsAsync() => Task.FromResult<IReadOnlyList<string>>([]);

    public async Task AreReadyAsync(Volume volume)
    {
        foreach (var program in (string[])["spinner", "futex", "inotify"]) await volume.Log(program).NextAsync("ready");
        await volume.Log("watch").NextAsync("word");
    }

    public async Task<IReadOnlyDictionary<string, uint>> FirstSeenAsync(Volume volume, DateTimeOffset between)
    {
        var gap = await volume.Log("spinner").FirstAsync(line => SpinnerGap.Covers(line, between), "the gap of the restore");
        return new Dictionary<string, uint>
        {
            ["page"] = SpinnerGap.Parse(gap).First,
            ["futex"] = Value(await volume.Log("futex").NextAsync("woke")),
            ["inotify"] = Value(await volume.Log("inotify").NextAsync("woke")),
            ["watch socket"] = Value(await volume.Log("watch").NextAsync("word")),
        };
    }

    private static uint Value(string[] line) => uint.Parse(line[1], CultureInfo.InvariantCulture);
}
