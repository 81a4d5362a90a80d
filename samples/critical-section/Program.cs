// Workflow 3, critical section: compare the mapped counter before AND after using a secret, rebuild, ack, retry.
//
// For each line of its input the program uses its key, and waits for one more line in the middle of it, so that you can move
// the generation there. A check before alone is racy: the restore may come between the check and the use. Guard checks again
// behind the section; what it made with a key that exists twice never leaves, and it is run again with a new one.
//
//   samples/run.sh critical-section csharp        Environment: SYSGENID_DIR, default /run/sysgenid

using SysGenId.Client;
using SysGenId.Samples.CriticalSection;

await using var watcher = GenerationWatcher.Open();
using var key = watcher.CreateGuard(generation => new SigningKey(generation));
key.Refresh();
var adapting = AdaptAsync();

while (Console.ReadLine() is not null)
{
    // The section may run more than once, so it does nothing but make its result.
    var runs = 0;
    var signature = key.Run(secret =>
    {
        if (runs++ > 0) Console.WriteLine($"generation {secret.Generation} came in between: thrown away, once more");
        return secret.Sign();
    });
    if (signature is null || adapting.IsFaulted) break;
    Console.WriteLine(signature);
}

if (adapting.IsFaulted) await adapting;

// A program that does nothing adapts all the same, or wait-watchers would wait for the key's next use.
async Task AdaptAsync()
{
    // Asking for the next change acknowledges the last one, after what is done here for it.
    await foreach (var change in watcher.ReadChangesAsync())
        await Task.Run(key.Refresh);
}
