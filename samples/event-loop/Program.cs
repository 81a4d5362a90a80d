// Workflow 2, event loop: the generation together with other things a program waits for.
//
// One loop waits for lines of input, each of which gets a token, and for the generation. Nothing is locked: a request is
// served before the change or after it, never during it. A request that was being served when the world was restored is not
// caught; what must never exist twice needs the two checks of ../critical-section as well.
//
//   samples/run.sh event-loop csharp        Environment: SYSGENID_DIR, default /run/sysgenid

using SysGenId.Client;
using SysGenId.Samples.EventLoop;

await using var watcher = GenerationWatcher.Open();
var tokens = new Tokens();

// Seeded behind the opening: a change from now on leaves the watcher outdated, and the first wait is over at once.
tokens.Rebuild(watcher.Acknowledged);

using var input = new StreamReader(Console.OpenStandardInput());
var line = ReadLineAsync();
var change = WaitForChangeAsync();
while (true)
{
    await Task.WhenAny(line, change);

    // The change first: a request that came together with it is served by what is new.
    if (change.IsCompleted)
    {
        var generation = await change;
        tokens.Rebuild(generation);

        // After the work. If the generation has moved on meanwhile the ack is void (NotCurrent), and the next wait is over at
        // once: it is level-triggered (S10).
        _ = await watcher.AcknowledgeAsync(generation);
        change = WaitForChangeAsync();
    }
    else if (await line is null)
    {
        return;
    }
    else
    {
        tokens.Mint();
        line = ReadLineAsync();
    }
}

Task<string?> ReadLineAsync() => input.ReadLineAsync();

Task<uint> WaitForChangeAsync() => watcher.WaitForChangeAsync().AsTask();
