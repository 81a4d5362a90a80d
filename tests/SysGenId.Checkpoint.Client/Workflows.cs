using SysGenId.Client;

namespace SysGenId.Checkpoint.Client;

/// <summary>The workflows of docs/semantics.md; none ends.</summary>
internal static class Workflows
{
    public static async Task WaitAsync(GenerationWatcher watcher, Report log)
    {
        while (true)
        {
            var generation = await watcher.WaitForChangeAsync();
            log.Write($"changed {generation}");
            if (await watcher.AcknowledgeAsync(generation) == AcknowledgeOutcome.Acknowledged) log.Write($"acked {generation}");
        }
    }

    public static async Task AcknowledgeAsync(GenerationWatcher watcher, Report log)
    {
        for (var seen = watcher.Generation; ; await Task.Yield())
        {
            var generation = watcher.Generation;
            if (generation != seen) log.Write($"saw {generation}");
            var outcome = await watcher.AcknowledgeAsync(generation);
            if (generation != seen && outcome == AcknowledgeOutcome.Acknowledged) log.Write($"acked {generation}");
            seen = generation;
        }
    }

    public static async Task WaitForWatchersAsync(GenerationWatcher watcher, Report log)
    {
        using var other = GenerationWatcher.Open();
        var first = await watcher.WaitForChangeAsync();
        await watcher.AcknowledgeAsync(first);
        while (true)
        {
            log.Write($"waiting {watcher.Generation}");
            var outcome = await watcher.WaitForWatchersAsync(TimeSpan.Zero);
            log.Write($"{outcome} {watcher.Generation}");
            await watcher.AcknowledgeAsync(watcher.Generation);
            if (watcher.Generation == first) continue;
            await other.AcknowledgeAsync(other.Generation);
            if (outcome == WatchersOutcome.AllUpToDate) await watcher.WaitForChangeAsync();
        }
    }

    public static async Task GuardAsync(GenerationWatcher watcher, Report log)
    {
        using var guard = watcher.CreateGuard(generation => (Generation: generation, Secret: Guid.NewGuid()));
        for (var minted = watcher.Generation; ; await Task.Yield())
        {
            var generation = guard.Run(secret => (secret.Generation, Token: secret.Secret.GetHashCode())).Generation;
            if (generation != minted) log.Write($"minted {generation}");
            minted = generation;
        }
    }
}
