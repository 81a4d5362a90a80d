using SysGenId.TestSupport.Programs;

namespace SysGenId.Checkpoint.Tests;

/// <summary>The programs that run in the containers; what each logs is said at the top of its source.</summary>
internal static class Programs
{
    private const string Folder = "tests/SysGenId.Checkpoint.Tests/Programs/";

    private const string Client = "generation-client";

    private static readonly string[] Names =
        ["spinner", "futex-waiter", "inotify-waiter", "watcher", "control-waiter", "aws-lc-client", "token-minter"];

    public static Task<string> SpinnerAsync() => CompileAsync("spinner");

    public static Task<string> FutexWaiterAsync() => CompileAsync("futex-waiter");

    public static Task<string> InotifyWaiterAsync() => CompileAsync("inotify-waiter");

    public static Task<string> WatcherAsync() => CompileAsync("watcher");

    public static Task<string> AwsLcClientAsync() => CompileAsync("aws-lc-client");

    public static Task<string> TokenMinterAsync() => CompileAsync("token-minter");

    /// <summary>The program that uses the client library; it is in a project of its own.</summary>
    public static Task<string> ClientAsync() => NativeProgram.PublishAsync("tests/SysGenId.Checkpoint.Client", Client);

    /// <summary>The executables of all programs that a shell command mentions.</summary>
    public static async Task<IReadOnlyList<string>> NamedInAsync(string command)
    {
        var words = command.Split(' ');
        var executables = new List<string>();
        foreach (var name in Names.Where(words.Contains))
            executables.Add(await CompileAsync(name));
        if (words.Contains(Client)) executables.Add(await ClientAsync());
        return executables;
    }

    private static Task<string> CompileAsync(string name) => StaticProgram.CompileAsync($"{Folder}{name}.c");
}
