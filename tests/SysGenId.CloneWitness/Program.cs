// Draws from every random source of .NET before a checkpoint and after the restore, on three threads.
//
//   clone-witness LOG [reset]      reset: with the handler that renews what .NET keeps
//
// Logs "before THREAD DRAWS..." for each thread, "ready", and after the first change "handled GENERATION" and
// "after THREAD DRAWS...".
using Microsoft.Extensions.Hosting;
using SysGenId.CloneWitness;
using SysGenId.Extensions.Hosting;

var log = new EventLog(args[0]);
var handled = new ManualResetEventSlim();
using var drawn = new CountdownEvent(3);

var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
if (args.Contains("reset"))
    builder.Services.AddRuntimeReset();
builder.Services.AddGenerationChangeHandler("witness", (_, change, _) =>
{
    log.Write($"handled {change.Current.Generation}");
    handled.Set();
    return ValueTask.CompletedTask;
});
using var host = builder.Build();
await host.StartAsync();

foreach (var name in (string[])["first", "second", "third"])
    new Thread(() => Draw(name)).Start();
drawn.Wait();
log.Write("ready");
await host.WaitForShutdownAsync();

void Draw(string name)
{
    log.Write($"before {name} {Draws.Next()}");
    drawn.Signal();
    handled.Wait();
    log.Write($"after {name} {Draws.Next()}");
}
