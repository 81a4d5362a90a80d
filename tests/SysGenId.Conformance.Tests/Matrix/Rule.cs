using System.Text.RegularExpressions;
using SysGenId.TestSupport;

namespace SysGenId.Conformance.Tests.Matrix;

/// <summary>A rule as docs/semantics.md has it.</summary>
/// <param name="Number">Such as S07.</param>
/// <param name="Title">Its first sentence, or the beginning that names it.</param>
internal sealed partial record Rule(string Number, string Title)
{
    public static string Source => Path.Join(ToolPaths.Repository, "docs", "semantics.md");

    /// <summary>All there are, in their order.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        .. Row().Matches(File.ReadAllText(Source)).Select(row => new Rule(row.Groups[1].Value, TitleOf(row.Groups[2].Value))),
    ];

    private static string TitleOf(string text) => Begin().Match(text).Value.Replace("*", "", StringComparison.Ordinal).TrimEnd('.', ':', ',', ' ');

    [GeneratedRegex(@"^\| (S\d\d) \| (.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    // A sentence, or the part before a colon; numbers and names with dots in them go on.
    [GeneratedRegex(@"^.*?([.:]\*?(?=\s|$))")]
    private static partial Regex Begin();
}
