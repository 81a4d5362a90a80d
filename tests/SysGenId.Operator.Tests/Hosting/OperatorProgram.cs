using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Hosting;

/// <summary>The operator as a process of its own, as it was built for these tests.</summary>
internal static class OperatorProgram
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "sysgenid-operator");

    public static Task<CommandResult> RunAsync(params IEnumerable<string> arguments) => ChildProcess.RunAsync(Path, arguments);
}
