using System.Text.Json;

namespace SysGenId.Core.Protocol;

/// <summary>Values after a property name, checked. Each throws <see cref="JsonException"/> with a sentence for the peer.</summary>
internal static class JsonFields
{
    public static uint UInt32(ref Utf8JsonReader reader) =>
        IsNumber(ref reader) && reader.TryGetUInt32(out var value) ? value : throw Expected("an integer from 0 to 4294967295");

    public static long Int64(ref Utf8JsonReader reader) =>
        IsNumber(ref reader) && reader.TryGetInt64(out var value) ? value : throw Expected("an integer");

    public static int Count(ref Utf8JsonReader reader) =>
        IsNumber(ref reader) && reader.TryGetInt32(out var value) && value >= 0 ? value : throw Expected("an integer from 0 to 2147483647");

    public static bool Boolean(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => throw Expected("true or false"),
        };
    }

    public static string Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw Expected("a string");
    }

    public static Guid Id(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var id) ? id : throw Expected("a UUID");
    }

    public static void Skip(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    private static bool IsNumber(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.Number;

    private static JsonException Expected(string what) => new($"expected {what}");
}
