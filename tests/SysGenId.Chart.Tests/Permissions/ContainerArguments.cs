using SysGenId.Chart.Tests.Rendering;

namespace SysGenId.Chart.Tests.Permissions;

/// <summary>The command line that the chart gives a container, with what a test must have otherwise.</summary>
internal sealed class ContainerArguments
{
    private readonly List<string> _arguments;

    private ContainerArguments(List<string> arguments) => _arguments = arguments;

    public IReadOnlyList<string> All => _arguments;

    public static ContainerArguments Of(RenderedObject workload) =>
        new([.. workload.Container["args"]!.AsArray().Select(argument => (string)argument!)]);

    /// <summary>Gives an option another value, or adds it.</summary>
    public ContainerArguments With(string option, object value) =>
        new([.. _arguments.Where(argument => !argument.StartsWith($"{option}=", StringComparison.Ordinal)), $"{option}={value}"]);
}
