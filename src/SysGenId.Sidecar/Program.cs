using System.Text;
using SysGenId.Core;
using SysGenId.Core.Linux;

namespace SysGenId.Sidecar;

internal static class Program
{
    private const int CannotServe = 1;
    private const int WrongArguments = 2;

    private static int Main(string[] arguments)
    {
        if (Array.IndexOf(arguments, "--help") >= 0) return Print(StandardStream.Output, CommandLine.Help, 0);
        if (Array.IndexOf(arguments, "--version") >= 0) return Print(StandardStream.Output, ProductVersion.Text + "\n", 0);
        if (CommandLine.TryParse(arguments, out var faults) is not { } options)
        {
            return Print(StandardStream.Error, $"sysgenid-sidecar: {faults}. Try --help.\n", WrongArguments);
        }

        try
        {
            using var termination = SignalDescriptor.TakeTermination();
            DescriptorLimit.Raise();
            using var service = new PodService(options, TimeProvider.System, termination);
            service.Run();
            return 0;
        }
        catch (IOException failure)
        {
            return Print(StandardStream.Error, $"sysgenid-sidecar: {failure.Message}\n", CannotServe);
        }
    }

    private static int Print(int stream, string text, int exitCode)
    {
        StandardStream.TryWrite(stream, Encoding.UTF8.GetBytes(text));
        return exitCode;
    }
}
