using System.Reflection;
using System.Text.RegularExpressions;
using SysGenId.Conformance.Tests.Scenarios;

namespace SysGenId.Conformance.Tests.Matrix;

/// <summary>A scenario as its source has it.</summary>
/// <param name="Name">The method's name, which begins with the rules.</param>
/// <param name="Rules">The rules it is of.</param>
/// <param name="Over">What it asks of an interface.</param>
internal sealed partial record Scenario(string Name, IReadOnlyList<string> Rules, OverAttribute Over)
{
    /// <summary>All there are.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        .. typeof(Scenario).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => method.GetCustomAttribute<OverAttribute>() is not null)
            .Select(method => new Scenario(method.Name, RulesOf(method.Name), method.GetCustomAttribute<OverAttribute>()!))
            .OrderBy(scenario => scenario.Name, StringComparer.Ordinal),
    ];

    private static string[] RulesOf(string name) => [.. Leading().Match(name).Value.Split("_and_", StringSplitOptions.RemoveEmptyEntries)];

    [GeneratedRegex(@"^S\d\d(_and_S\d\d)*")]
    private static partial Regex Leading();
}
