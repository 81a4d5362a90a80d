using SysGenId.TestSupport.Programs;

namespace SysGenId.Conformance.Tests.Library;

/// <summary>The program of tests/SysGenId.Conformance.Program as a static executable, which runs in any container.</summary>
internal static class ClientProgram
{
    private static readonly Lazy<Task<string>> _published =
        new(() => NativeProgram.PublishAsync("tests/SysGenId.Conformance.Program", "client-program"));

    /// <summary>Its path. The first call publishes it; that takes a while, and goes on beside the scenarios that do without.</summary>
    public static Task<string> PathAsync() => _published.Value;

    /// <summary>Waits for what was begun; whoever needed it has seen its failure.</summary>
    public static Task SettleAsync() => _published.IsValueCreated
        ? _published.Value.ContinueWith(static published => published.Exception, TaskScheduler.Default)
        : Task.CompletedTask;
}
