using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace SysGenId.Chart.Tests.Rendering;

/// <summary>YAML as JSON, as the API server takes it.</summary>
internal static class YamlText
{
    private static readonly IDeserializer _reader = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
    private static readonly ISerializer _writer = new SerializerBuilder().JsonCompatible().Build();

    /// <summary>Every document of a text that is not empty.</summary>
    public static IReadOnlyList<JsonObject> Documents(string text)
    {
        var documents = new List<JsonObject>();
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        while (parser.Accept<DocumentStart>(out _))
        {
            if (_reader.Deserialize<object?>(parser) is { } document) documents.Add(JsonNode.Parse(_writer.Serialize(document))!.AsObject());
        }

        return documents;
    }
}
