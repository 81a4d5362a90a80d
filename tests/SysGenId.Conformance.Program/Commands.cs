using SysGenId.Client;

namespace SysGenId.Conformance.Program;

/// <summary>
/// A program that uses the client library, for tests that need one in another process or in a container.
/// <code>
/// client-program watch DIR            opens a watcher, says 'ready', and ends with its input
/// client-program force DIR            forces a generation and prints what became of that
/// client-program follow DIR WORK      watches for ever, and logs on a volume; see Follower
/// </code>
/// </summary>
internal static class Commands
{
    private const int WrongArguments = 2;

    private static async Task<int> Main(string[] arguments) => arguments switch
    {
        ["watch", var directory] => await WatchAsync(directory),
        ["force", var directory] => await ForceAsync(directory),
        ["follow", var directory, var work] => await new Follower(directory, work).RunAsync(),
        _ => WrongArguments,
    };

    private static async Task<int> WatchAsync(string directory)
    {
        using var watcher = Open(directory);
        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static async Task<int> ForceAsync(string directory)
    {
        using var watcher = Open(directory);
        Console.WriteLine(await watcher.ForceAsync());
        return 0;
    }

    // Who says 'ready' is counted, on a slow machine too.
    private static GenerationWatcher Open(string directory) =>
        GenerationWatcher.Open(new GenerationWatcherOptions { Directory = directory, Patience = TimeSpan.FromSeconds(20) });
}
