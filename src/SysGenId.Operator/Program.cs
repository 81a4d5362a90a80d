using System.CommandLine;
using SysGenId.Operator.Hosting;

namespace SysGenId.Operator;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        var root = new RootCommand("SysGenId: tells processes that the world they live in was restored from a snapshot.")
        {
            NodeCommand.Build(), ControllerCommand.Build(), UninstallCommand.Build(),
        };
        var line = root.Parse(arguments);
        var result = await line.InvokeAsync().ConfigureAwait(false);
        return line.Errors.Count > 0 ? ExitCode.Usage : result;
    }
}
