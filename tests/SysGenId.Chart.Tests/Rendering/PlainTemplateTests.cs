using System.Text.RegularExpressions;

namespace SysGenId.Chart.Tests.Rendering;

/// <summary>Templates that anybody can read, and every renderer can render.</summary>
public sealed partial class PlainTemplateTests
{
    private static readonly HashSet<string> _allowed =
    [
        "and", "default", "define", "else", "end", "eq", "if", "include", "int64", "ne", "nindent", "not", "or", "quote", "range",
        "required", "semverCompare", "toYaml", "with",
    ];

    private static string Templates { get; } = Path.Join(ChartUnderTest.Directory, "templates");

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Templates, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Templates, file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_template_uses_the_plain_subset_only(string file)
    {
        var actions = Action().Matches(File.ReadAllText(Path.Join(Templates, file))).Select(match => match.Value);

        var words = actions
            .Where(action => !action.StartsWith("{{/*", StringComparison.Ordinal))
            .SelectMany(action => Word().Matches(Quoted().Replace(action, "")).Select(match => match.Value));

        Assert.Empty(words.Distinct().Except(_allowed));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_template_makes_one_object(string file)
    {
        var objects = File.ReadLines(Path.Join(Templates, file)).Count(line => line.StartsWith("kind: ", StringComparison.Ordinal));

        Assert.Equal(file.EndsWith(".yaml", StringComparison.Ordinal) ? 1 : 0, objects);
    }

    [GeneratedRegex(@"\{\{.*?\}\}", RegexOptions.Singleline)]
    private static partial Regex Action();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    // Words on their own; not .Values.x, $.y or numbers.
    [GeneratedRegex(@"(?<![.$\w])[A-Za-z]\w*")]
    private static partial Regex Word();
}
