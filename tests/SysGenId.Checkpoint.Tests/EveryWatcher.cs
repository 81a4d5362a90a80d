using System.Globalization;
using SysGenId.TestSupport.Programs;

namespace SysGenId.Checkpoint.Tests;

/// <summary>One container with a watcher of each kind: one spins on the page, one sleeps on it, one in inotify, one reads the watch socket.</summary>
internal static class EveryWatcher
{
    public const string Command =
        "futex-waiter /dev/sysgenid /work/futex & inotify-waiter /run/sysgenid/generation /work/inotify & " +
        "watcher /run/sysgenid/watch.sock /work/watch & exec spinner /dev/sysgenid /work/spinner";

    /// <summary>Waits until all of them watch.</summary>
    public static async Task IsReadyAsync(Volume volume)
    {
        foreach (var program in (string[])["spinner", "futex", "inotify"])
            await volume.Log(program).NextAsync("ready");
        await volume.Log("watch").NextAsync("word");
    }

    /// <summary>The first value each of them saw after a restore into a volume of its own.</summary>
    /// <param name="volume">The volume of the restored container.</param>
    /// <param name="between">An instant after the dump and before the restore.</param>
    /// <exception cref="TimeoutException">One of them sleeps.</exception>
    public static async Task<IReadOnlyDictionary<string, uint>> FirstSeenAsync(Volume volume, DateTimeOffset between)
    {
        var gap = await volume.Log("spinner").FirstAsync(line => SpinnerGap.Covers(line, between), "the gap of the restore");
        return new Dictionary<string, uint>
        {
            ["spinner"] = SpinnerGap.Parse(gap).First,
            ["futex waiter"] = Value(await volume.Log("futex").NextAsync("woke")),
            ["inotify waiter"] = Value(await volume.Log("inotify").NextAsync("woke")),
            ["watch socket reader"] = Value(await volume.Log("watch").NextAsync("word")),
        };
    }

    private static uint Value(string[] line) => uint.Parse(line[1], CultureInfo.InvariantCulture);
}
