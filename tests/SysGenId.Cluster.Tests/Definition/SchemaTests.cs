using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;
using SysGenId.Cluster.Tests.Harness;
using SysGenId.Operator.Api;

namespace SysGenId.Cluster.Tests.Definition;

/// <summary>The definition says what the C# types say: same properties, types and descriptions, in both directions.</summary>
public sealed class SchemaTests
{
    private static readonly JsonObject Schema = ResourceDefinition.Schema();

    [Fact]
    public void Every_property_of_the_types_is_in_the_definition_and_every_one_of_the_definition_in_the_types() =>
        Assert.Equal(Described(typeof(SystemGeneration), "").Order(), Defined(Schema, "").Order());

    [Fact]
    public void Every_description_is_the_types_own() =>
        Assert.All(Documented(typeof(SystemGeneration), ""), type => Assert.Equal((type.Path, type.Text), (type.Path, At(type.Path)["description"]?.GetValue<string>())));

    [Fact]
    public void Everything_in_the_definition_is_described() =>
        Assert.DoesNotContain(Nodes(Schema, ""), node => node.Path != "metadata" && node.Schema["description"] is null);

    [Fact]
    public void Names_and_versions_are_those_of_the_types()
    {
        var spec = ResourceDefinition.Document()["spec"]!;
        var names = spec["names"]!;

        Assert.Equal(ResourceDefinition.Name, ResourceDefinition.Document()["metadata"]!["name"]!.GetValue<string>());
        Assert.Equal(ApiNames.Group, spec["group"]!.GetValue<string>());
        Assert.Equal(ApiNames.Kind, names["kind"]!.GetValue<string>());
        Assert.Equal(ApiNames.Plural, names["plural"]!.GetValue<string>());
        Assert.Equal(ApiNames.Version, Assert.Single(spec["versions"]!.AsArray())!["name"]!.GetValue<string>());
    }

    [Fact]
    public void Every_condition_type_is_named_in_the_description_of_the_conditions()
    {
        var description = At("status.conditions")["description"]!.GetValue<string>();

        Assert.All(Constants(typeof(ConditionTypes)), type => Assert.Contains(type, description, StringComparison.Ordinal));
    }

    /// <summary>Path and type of each property, as JSON has them.</summary>
    private static IEnumerable<string> Described(Type type, string path)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var below = Below(path, property);
            var item = ItemOf(property.PropertyType);
            var name = item ?? Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            yield return $"{below}: {(item is null ? "" : "array of ")}{TypeName(name)}";
            if (TypeName(name) == "object" && name != typeof(V1ObjectMeta))
            {
                foreach (var inner in Described(name, below)) yield return inner;
            }
        }
    }

    private static IEnumerable<string> Defined(JsonObject schema, string path)
    {
        foreach (var (name, value) in schema["properties"]!.AsObject())
        {
            var below = path.Length == 0 ? name : $"{path}.{name}";
            var property = value!.AsObject();
            var item = property["items"]?.AsObject();
            yield return $"{below}: {(item is null ? "" : "array of ")}{TypeName(item ?? property)}";
            if ((item ?? property)["properties"] is null) continue;
            foreach (var inner in Defined(item ?? property, below)) yield return inner;
        }
    }

    private static string TypeName(JsonObject schema) =>
        schema["format"] is { } format ? $"{schema["type"]} ({format})" : schema["type"]!.GetValue<string>();

    private static string TypeName(Type type) =>
        type == typeof(string) ? "string"
        : type == typeof(bool) ? "boolean"
        : type == typeof(int) ? "integer (int32)"
        : type == typeof(long) ? "integer (int64)"
        : type == typeof(DateTime) ? "string (date-time)"
        : "object";

    /// <summary>The documentation of our own types; that of the library's is the library's.</summary>
    private static IEnumerable<(string Path, string Text)> Documented(Type type, string path)
    {
        yield return (path, XmlDocumentation.Of(type));
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var of = ItemOf(property.PropertyType) ?? property.PropertyType;
            var below = Below(path, property) + (ItemOf(property.PropertyType) is null ? "" : "[]");
            if (of.Assembly == type.Assembly)
            {
                foreach (var inner in Documented(of, below)) yield return inner;
            }

            if ((of.Assembly != type.Assembly || below.EndsWith("[]", StringComparison.Ordinal)) && XmlDocumentation.Find(property) is { } text)
                yield return (Below(path, property), text);
        }
    }

    private static IEnumerable<(string Path, JsonObject Schema)> Nodes(JsonObject schema, string path)
    {
        yield return (path, schema);
        if (schema["items"] is JsonObject item)
        {
            foreach (var inner in Nodes(item, path + "[]")) yield return inner;
        }

        foreach (var (name, value) in schema["properties"]?.AsObject() ?? [])
        {
            foreach (var inner in Nodes(value!.AsObject(), path.Length == 0 ? name : $"{path}.{name}")) yield return inner;
        }
    }

    private static JsonObject At(string path) => Nodes(Schema, "").Single(node => node.Path == path).Schema;

    private static string Below(string path, PropertyInfo property)
    {
        var name = property.GetCustomAttribute<System.Text.Json.Serialization.JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);
        return path.Length == 0 ? name : $"{path}.{name}";
    }

    private static Type? ItemOf(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>) ? type.GetGenericArguments()[0] : null;

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);
}
