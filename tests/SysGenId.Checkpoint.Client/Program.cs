using SysGenId.Checkpoint.Client;
using SysGenId.Client;

// generation-client MODE LOG: a program that is in the middle of one call of the library for as long as nothing changes.
//
//   ready VALUE       it has opened a watcher at this generation and is about to begin
//   wait      changed VALUE, acked VALUE        WaitForChangeAsync, then AcknowledgeAsync
//   ack       saw VALUE, acked VALUE            AcknowledgeAsync of whatever is current, without a pause
//   watchers  waiting VALUE, OUTCOME VALUE      WaitForWatchersAsync, beside a watcher that acks only what comes after its first change
//   guard     minted VALUE                      Guard.Run without a pause; the generation that its secret was built for
var (mode, log) = (args[0], new Report(args[1]));
using var watcher = GenerationWatcher.Open();
log.Write($"ready {watcher.Generation}");
await (mode switch
{
    "wait" => Workflows.WaitAsync(watcher, log),
    "ack" => Workflows.AcknowledgeAsync(watcher, log),
    "watchers" => Workflows.WaitForWatchersAsync(watcher, log),
    _ => Workflows.GuardAsync(watcher, log),
});
