using System.CommandLine;
using SysGenId.Operator.Hosting;

namespace SysGenId.Operator;

internal static class Program
{
    /// <summary>After SIGTERM a command ends in its own time; who sent it knows how long to wait before SIGKILL. The library would wait 2 s.</summary>
    private static readonly InvocationConfiguration _patient = new() { ProcessTerminationTimeout = TimeSpan.FromMinutes(10) };

    private static async Task<int> Main(string[] arguments)
    {
        var root = new RootCommand("SysGenId: tells processes that the world they live in was restored from a snapshot.")
        {
            NodeCommand.Build(), ControllerCommand.Build(), UninstallCommand.Build(),
        };
        var line = root.Parse(arguments);
        var result = await line.InvokeAsync(_patient).ConfigureAwait(false);
        return line.Errors.Count > 0 ? ExitCode.Usage : result;
    }
}
