using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SysGenId.TestSupport;
using YamlDotNet.Serialization;

namespace SysGenId.Samples.Tests.Documents;

/// <summary>docs/adopting.md, and what is between its fences.</summary>
internal static partial class AdoptingPage
{
    private static readonly string _text = File.ReadAllText(Path.Combine(ToolPaths.Repository, "docs", "adopting.md"));

    /// <summary>The Deployments, by name.</summary>
    public static IReadOnlyDictionary<string, JsonNode> Deployments { get; } =
        Blocks("yaml").Select(ReadYaml).ToDictionary(deployment => deployment["metadata"]!["name"]!.GetValue<string>());

    /// <summary>The relative links, without what is behind #.</summary>
    public static IEnumerable<string> Links => LinkTargets().Matches(_text).Select(match => match.Groups[1].Value).Where(link => link.Length > 0);

    /// <summary>The blocks of one language.</summary>
    public static IReadOnlyList<string> Blocks(string language) =>
        [.. Fences().Matches(_text).Where(match => match.Groups[1].Value == language).Select(match => match.Groups[2].Value)];

    // As kubectl does it: a plain scalar that YAML takes for a number or a boolean is one, a quoted one is text.
    private static JsonNode ReadYaml(string block)
    {
        var read = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().WithDuplicateKeyChecking().Build().Deserialize<object>(block);
        return JsonSerializer.SerializeToNode(Strings(read))!;
    }

    private static object? Strings(object? node) => node switch
    {
        IDictionary<object, object> map => map.ToDictionary(pair => (string)pair.Key, pair => Strings(pair.Value)),
        IEnumerable<object> list => list.Select(Strings).ToList(),
        _ => node,
    };

    [GeneratedRegex(@"^```(\w+)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"\]\(([^)#:]*)(?:#[^)]*)?\)")]
    private static partial Regex LinkTargets();
}
