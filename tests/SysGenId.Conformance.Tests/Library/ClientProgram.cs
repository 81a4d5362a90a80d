using SysGenId.TestSupport.Programs;

namespace SysGenId.Conformance.Tests.Library;

/// <summary>The program of tests/SysGenId.Conformance.Program as a static executable, which runs in any container.</summary>
internal static class ClientProgram
{
    private static readonly Lazy<Task<string>> _published =
        new(() => NativeProgram.PublishAsync("tests/SysGenId.Conformance.Program", "client-program"));

    /// <summary>Its path. The first call publishes it; that takes a while, and is begun before anybody needs it.</summary>
    public static Task<string> PathAsync() => _published.Value;
}
