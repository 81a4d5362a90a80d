using SysGenId.TestSupport;

namespace SysGenId.Core.Tests.CounterPage;

/// <summary>Other processes that use a counter page: a C program that shares no code with the writer, as whatever uid.</summary>
internal sealed class PageClient : IDisposable
{
    private const string Nobody = "65534";

    private readonly TemporaryDirectory _directory = TemporaryDirectory.OnDisk();

    private PageClient()
    {
    }

    private string Program => _directory.File("page-client");

    public static async Task<PageClient> BuildAsync()
    {
        Requires.Compiler();
        var client = new PageClient();
        var source = Path.Join(ToolPaths.Repository, "tests/SysGenId.Core.Tests/CounterPage/Programs/page-client.c");
        (await ChildProcess.RunAsync("gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-static", "-o", client.Program, source)).OrThrow();
        return client;
    }

    /// <summary>Starts it and waits until it has the page mapped.</summary>
    public async Task<ChildProcess> StartAsync(string verb, string path, uint last)
    {
        var child = ChildProcess.Start(Program, verb, path, $"{last}");
        await Eventually.HoldsAsync(() => child.Output.StartsWith("ready", StringComparison.Ordinal) || child.HasExited);
        return child;
    }

    /// <summary>Runs it as a user without rights.</summary>
    public Task<CommandResult> RunAsNobodyAsync(string verb, string path, uint last) =>
        ChildProcess.RunAsync("setpriv", "--reuid", Nobody, "--regid", Nobody, "--clear-groups", Program, verb, path, $"{last}");

    public void Dispose() => _directory.Dispose();
}
