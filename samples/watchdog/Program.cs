// Workflow 1, watchdog thread: blocking read, rebuild, ack, loop.
//
// The program mints a token for each line of its input, from state in memory. A thread of its own waits for the generation
// to move and seeds that state anew. That suits state which may be wrong for the moment between the restore and the thread's
// turn. What must not be (keys, nonces): see ../critical-section.
//
//   samples/run.sh watchdog csharp        Environment: SYSGENID_DIR, default /run/sysgenid

using SysGenId.Client;
using SysGenId.Samples.Watchdog;

using var watcher = GenerationWatcher.Open();
var tokens = new Tokens();

// Seeded behind the opening: a change from now on leaves the watcher outdated, and the watchdog's first read returns at once.
tokens.Rebuild(watcher.Acknowledged);
var watchdog = new Thread(Watch) { Name = "generation watchdog", IsBackground = true };
watchdog.Start();

while (Console.ReadLine() is not null)
    tokens.Mint();

void Watch()
{
    while (true)
    {
        // A thread of its own may block. Reconnecting, before and after a checkpoint, is the library's (S22, S23).
        var generation = watcher.WaitForChangeAsync().AsTask().GetAwaiter().GetResult();
        tokens.Rebuild(generation);

        // Only now: until then wait-watchers waits for this program. If the generation has moved on meanwhile the ack is
        // void (NotCurrent), and the next read returns at once.
        _ = watcher.AcknowledgeAsync(generation).AsTask().GetAwaiter().GetResult();
    }
}
