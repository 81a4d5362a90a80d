// Workflow 4, orchestrator: pause the service, ack itself, wait for the other watchers, resume; interrupted: start over.
//
// After a restore a pod should not serve before all its programs have adapted. This one keeps a file that is there while the
// pod may serve, for a readiness probe (exec: test -f READY) or a front door that looks at it.
//
//   samples/run.sh orchestrator csharp [--ready FILE] [--timeout SECONDS]
//
// Environment: SYSGENID_DIR, default /run/sysgenid

using SysGenId.Client;
using SysGenId.Samples.Orchestrator;

if (Arguments.Parse(args) is not { } arguments)
{
    Console.Error.WriteLine("usage: orchestrator [--ready FILE] [--timeout SECONDS]");
    return 2;
}

var service = new ReadyFile(arguments.Ready);
await using var watcher = GenerationWatcher.Open();

// The first round is for what may have happened before this program started.
var generation = watcher.Acknowledged;
while (true)
{
    service.Pause(generation);

    // Itself first: it is a watcher like the others, and would wait for itself.
    _ = await watcher.AcknowledgeAsync(generation);
    if (await WaitForTheOthersAsync() == WatchersOutcome.AllUpToDate)
    {
        service.Resume(generation);
        generation = await watcher.WaitForChangeAsync();
    }
    else
    {
        generation = await watcher.WaitForChangeAsync();
        Console.WriteLine($"generation {generation} came in between: starting over");
    }
}

// AllUpToDate or Interrupted. Checkpoints and restarts of the sidecar in between are bridged by the library.
async Task<WatchersOutcome> WaitForTheOthersAsync()
{
    while (true)
    {
        var outcome = await watcher.WaitForWatchersAsync(arguments.Timeout);
        if (outcome is WatchersOutcome.AllUpToDate or WatchersOutcome.Interrupted) return outcome;

        // It stays paused. Somebody else may have to end a program that hangs; its place goes with it (S11). Unsupported:
        // there is a page and no sidecar, so nobody knows of the others.
        if (outcome == WatchersOutcome.Unsupported) throw new InvalidOperationException("There is no sidecar, so nobody knows of the other watchers.");
        Console.WriteLine($"generation {generation}: somebody is still outdated after {arguments.Timeout.TotalSeconds:0.###} s, waiting on");
    }
}
