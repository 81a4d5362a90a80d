using SysGenId.TestSupport.Programs;

namespace SysGenId.Checkpoint.Tests;

/// <summary>The programs that run in the containers; what each logs is said at the top of its source.</summary>
internal static class Programs
{
    private const string Folder = "tests/SysGenId.Checkpoint.Tests/Programs/";

    public static Task<string> SpinnerAsync() => StaticProgram.CompileAsync(Folder + "spinner.c");

    public static Task<string> FutexWaiterAsync() => StaticProgram.CompileAsync(Folder + "futex-waiter.c");

    public static Task<string> InotifyWaiterAsync() => StaticProgram.CompileAsync(Folder + "inotify-waiter.c");

    public static Task<string> WatcherAsync() => StaticProgram.CompileAsync(Folder + "watcher.c");

    public static Task<string> AwsLcClientAsync() => StaticProgram.CompileAsync(Folder + "aws-lc-client.c");

    public static Task<string> TokenMinterAsync() => StaticProgram.CompileAsync(Folder + "token-minter.c");
}
