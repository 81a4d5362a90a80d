using System.Collections.Concurrent;

namespace SysGenId.Conformance.Tests.Matrix;

/// <summary>Which scenarios passed over which interfaces, in this process. Thread-safe.</summary>
internal static class Ledger
{
    private static readonly ConcurrentDictionary<(string Scenario, string Over), bool> _passed = new();

    public static void NotePassed(string scenario, string over) => _passed[(scenario, over)] = true;

    public static bool HasPassed(string scenario, string over) => _passed.ContainsKey((scenario, over));
}
