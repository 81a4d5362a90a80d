using SysGenId.Cli.Commands;
using SysGenId.Cli.Diagnosis;
using SysGenId.Cli.Output;
using SysGenId.Core.Linux;

namespace SysGenId.Cli;

internal static class Program
{
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    private static int Main(string[] arguments)
    {
        using var output = new DescriptorWriter(StandardOutput);
        using var errors = new DescriptorWriter(StandardError);
        try
        {
            var context = new CommandContext(output, errors, TimeProvider.System, Machine.ThisOne());
            var exitCode = CommandLine.Run(arguments, context);
            output.Flush();
            errors.Flush();
            return exitCode;
        }
        catch (LinuxException fault) when (fault.Error == Errno.EPIPE)
        {
            return (int)ExitCode.OutputClosed;
        }
        catch (LinuxException)
        {
            // A full disk behind standard output, for instance: there is nowhere left to say so.
            return (int)ExitCode.Failed;
        }
    }
}
