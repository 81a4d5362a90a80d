using SysGenId.TestSupport;

namespace SysGenId.Conformance.Tests.Scenarios;

/// <summary>Waits for what should come to an end by itself.</summary>
internal static class Promptness
{
    /// <summary>The result.</summary>
    /// <exception cref="TimeoutException">It did not end.</exception>
    public static Task<T> InTimeAsync<T>(this Task<T> task) => task.WaitAsync(Eventually.Patience, TimeProvider.System);
}
