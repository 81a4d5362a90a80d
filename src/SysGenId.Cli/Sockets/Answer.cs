using System.Text.Json;
using SysGenId.Cli.Output;
using SysGenId.Core.Protocol;

namespace SysGenId.Cli.Sockets;

/// <summary>
/// One object of an answer. It is checked when it is read: fields that are absent are null, fields of the wrong kind
/// end the command with a sentence.
/// </summary>
internal sealed class Answer
{
    private const int MaximumDepth = 16;

    private readonly JsonElement _object;

    private Answer(JsonElement element) => _object = element;

    /// <summary>Whether the request was carried out.</summary>
    public bool IsOk => Flag(MessageField.Ok) ?? throw Malformed("it does not say whether the request was carried out");

    /// <summary>One of <see cref="ErrorCode"/>; empty when all went well.</summary>
    public string Error => Text(MessageField.Error) ?? "";

    /// <summary>The sentence that comes with an error.</summary>
    public string Sentence => Text(MessageField.Text) ?? "";

    /// <summary>The answer of a line.</summary>
    /// <param name="line">Without its newline.</param>
    /// <exception cref="CommandFailure">It is not one JSON object, or says neither success nor failure.</exception>
    public static Answer Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            var root = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = MaximumDepth }).RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw Malformed("it is not a JSON object");
            var answer = new Answer(root);
            _ = answer.IsOk;
            return answer;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw Malformed("it is not JSON");
        }
    }

    public string? Text(string field) => Read(field, JsonValueKind.String, value => value.GetString());

    public uint? Generation(string field) => Read(field, JsonValueKind.Number, value => value.TryGetUInt32(out var number) ? number : (uint?)null);

    public long? Number(string field) => Read(field, JsonValueKind.Number, value => value.TryGetInt64(out var number) ? number : (long?)null);

    public bool? Flag(string field) => Value(field) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Malformed($"its field '{field}' is of the wrong kind"),
    };

    /// <summary>The object in a field; null when there is none.</summary>
    public Answer? Part(string field) => Read(field, JsonValueKind.Object, value => new Answer(value));

    /// <summary>The objects in a field; none when it is absent.</summary>
    public IReadOnlyList<Answer> List(string field) =>
        Read(field, JsonValueKind.Array, value => value.EnumerateArray().Select(Item).ToList()) ?? [];

    /// <summary>The texts in a field; none when it is absent.</summary>
    public IReadOnlyList<string> Texts(string field) =>
        Read(field, JsonValueKind.Array, value => value.EnumerateArray().Select(item => item.GetString() ?? "").ToList()) ?? [];

    /// <summary>A field that every answer to this request has.</summary>
    public uint RequiredGeneration(string field) => Generation(field) ?? throw Malformed($"it has no field '{field}'");

    /// <summary>Writes the whole object, every field as it came.</summary>
    public void WriteTo(TextWriter output)
    {
        try
        {
            JsonLine.Write(output, json =>
            {
                foreach (var property in _object.EnumerateObject()) property.WriteTo(json);
            });
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException)
        {
            throw Malformed("its text is not Unicode");
        }
    }

    private T? Read<T>(string field, JsonValueKind kind, Func<JsonElement, T?> convert)
    {
        if (Value(field) is not { } value) return default;
        try
        {
            if (value.ValueKind == kind && convert(value) is { } result) return result;
        }
        catch (InvalidOperationException)
        {
            // A string that is not Unicode.
        }

        throw Malformed($"its field '{field}' is of the wrong kind");
    }

    private JsonElement? Value(string field) =>
        _object.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static Answer Item(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object ? new Answer(item) : throw Malformed("a list in it holds something that is not an object");

    private static CommandFailure Malformed(string why) => new(
        ExitCode.Failed, FailureCode.MalformedAnswer, $"The answer cannot be understood: {why}.",
        "Is this the socket of SysGenId, and of the same version as this program?");
}
