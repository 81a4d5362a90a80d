using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SysGenId.Cluster.Tests.Definition;

/// <summary>What the source says of types and properties, as plain text.</summary>
internal static partial class XmlDocumentation
{
    private static readonly Lazy<Dictionary<string, string>> Members = new(Read);

    public static string Of(Type type) => Members.Value[$"T:{type.FullName}"];

    /// <summary>Null where the source says nothing, as of what only implements an interface.</summary>
    public static string? Find(PropertyInfo property) => Members.Value.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}");

    private static Dictionary<string, string> Read()
    {
        var file = XDocument.Load(Path.Combine(AppContext.BaseDirectory, "sysgenid-operator.xml"));
        return file.Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => Text(member.Element("summary")!));
    }

    private static string Text(XElement summary)
    {
        foreach (var see in summary.Descendants("see").ToList()) see.ReplaceWith(see.Attribute("cref")!.Value.Split('.')[^1]);
        return Blanks().Replace(summary.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
