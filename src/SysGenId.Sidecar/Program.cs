using System.Text;
using SysGenId.Core;
using SysGenId.Core.Linux;
using SysGenId.Sidecar.Startup;

namespace SysGenId.Sidecar;

internal static class Program
{
    private const int CannotServe = 1;
    private const int NotReady = 1;
    private const int WrongArguments = 2;

    private static int Main(string[] arguments)
    {
        if (Array.IndexOf(arguments, "--help") >= 0) return Print(StandardStream.Output, CommandLine.Help, 0);
        if (Array.IndexOf(arguments, "--version") >= 0) return Print(StandardStream.Output, ProductVersion.Text + "\n", 0);
        return arguments is [ReadyOptions.Command, ..] ? TellReadiness(arguments[1..]) : Serve(arguments);
    }

    private static int Serve(string[] arguments)
    {
        if (CommandLine.TryParse(arguments, out var faults) is not { } options) return Complain(faults);
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

    private static int TellReadiness(string[] arguments)
    {
        if (ReadyOptions.TryParse(arguments, out var faults) is not { } options) return Complain(faults);
        var (outcome, sentence) = new ReadyCheck(options, TimeProvider.System).Run();
        return Print(StandardStream.Output, sentence + "\n", outcome == ReadyOutcome.Ready ? 0 : NotReady);
    }

    private static int Complain(string faults) =>
        Print(StandardStream.Error, $"sysgenid-sidecar: {faults}. Try --help.\n", WrongArguments);

    private static int Print(int stream, string text, int exitCode)
    {
        StandardStream.TryWrite(stream, Encoding.UTF8.GetBytes(text));
        return exitCode;
    }
}
