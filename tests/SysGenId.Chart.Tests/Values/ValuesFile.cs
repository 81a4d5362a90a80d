using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SysGenId.Chart.Tests.Rendering;

namespace SysGenId.Chart.Tests.Values;

/// <summary>values.yaml with its comments.</summary>
internal static partial class ValuesFile
{
    private static readonly string _text = File.ReadAllText(Path.Join(ChartUnderTest.Directory, "values.yaml"));

    /// <summary>The values themselves.</summary>
    public static JsonObject Content { get; } = YamlText.Documents(_text).Single();

    /// <summary>Every key, sections included, in order.</summary>
    public static IReadOnlyList<ValueEntry> Entries { get; } = [.. Read()];

    /// <summary>What a user sets: what has a comment, and nothing with a comment below it.</summary>
    public static IEnumerable<ValueEntry> Documented { get; } =
        [.. Entries.Where(entry => entry.Comment.Length > 0 && !Entries.Any(other => other.IsIn(entry) && other.Comment.Length > 0))];

    public static JsonNode? Default(ValueEntry entry) =>
        entry.Path.Split('.').Aggregate((JsonNode?)Content, (node, key) => node![key]);

    private static IEnumerable<ValueEntry> Read()
    {
        var parents = new Stack<(int Indent, string Name)>();
        var comment = new List<string>();
        foreach (var line in _text.Split('\n'))
        {
            if (line.TrimStart().StartsWith("# ", StringComparison.Ordinal))
            {
                comment.Add(line.Trim()[2..]);
                continue;
            }

            if (Key().Match(line) is { Success: true } key)
            {
                var indent = key.Groups["indent"].Length;
                while (parents.TryPeek(out var parent) && parent.Indent >= indent) parents.Pop();
                parents.Push((indent, key.Groups["name"].Value));
                yield return new ValueEntry(string.Join('.', parents.Reverse().Select(parent => parent.Name)), string.Join(' ', comment));
            }

            comment.Clear();
        }
    }

    [GeneratedRegex(@"^(?<indent> *)(?<name>\w+):")]
    private static partial Regex Key();
}
