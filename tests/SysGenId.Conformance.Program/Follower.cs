using SysGenId.Client;

namespace SysGenId.Conformance.Program;

/// <summary>
/// Watches in three ways, and acknowledges once there is a file WORK/go.
/// <code>
/// WORK/page    ready VALUE; gap FROM TO BEFORE AROUND FIRST as the spinner of the checkpoint tests logs it: FIRST was
///              certainly loaded after a stop that lasted from FROM to TO (ns)
/// WORK/guard   value VALUE: what a guard gave was built for this generation, and not for the one before
/// WORK/wait    ready; woke VALUE: a wait for a change ended with it
/// </code>
/// </summary>
internal sealed class Follower(string directory, string work)
{
    private const long StoppedNs = 20_000_000;
    private const int RetryMs = 5;

    private readonly string _permission = Path.Join(work, "go");

    public async Task<int> RunAsync()
    {
        new Thread(Spin) { IsBackground = true }.Start();
        using var watcher = GenerationWatcher.Open(new GenerationWatcherOptions { Directory = directory });
        var log = new LinkLog(Path.Join(work, "wait"));
        log.Write("ready");
        while (true)
        {
            var generation = await watcher.WaitForChangeAsync();
            log.Write($"woke {generation}");
            while (!File.Exists(_permission)) await Task.Delay(TimeSpan.FromMilliseconds(RetryMs), TimeProvider.System);
            await watcher.AcknowledgeAsync(generation);
        }
    }

    // A watcher that no sidecar counts: only one of this program is.
    private void Spin()
    {
        using var watcher = GenerationWatcher.Open(new GenerationWatcherOptions { PagePath = Path.Join(directory, "generation") });
        var guard = watcher.CreateGuard(generation => generation);
        var (pageLog, guardLog) = (new LinkLog(Path.Join(work, "page")), new LinkLog(Path.Join(work, "guard")));
        var (before, around, guarded, last) = (watcher.Generation, watcher.Generation, guard.Run(value => value), NowNs());
        pageLog.Write($"ready {around}");
        while (true)
        {
            var now = NowNs();
            var value = watcher.Generation;
            if (now - last > StoppedNs) pageLog.Write($"gap {last} {now} {before} {around} {value}");
            if (guard.Run(built => built) is var used && used != guarded) guardLog.Write($"value {guarded = used}");
            (before, around, last) = (around, value, now);
        }
    }

    private static long NowNs() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}
