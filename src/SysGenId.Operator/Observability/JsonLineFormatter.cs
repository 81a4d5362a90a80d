using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace SysGenId.Operator.Observability;

/// <summary>
/// One JSON object a line: <c>time</c> (UTC), <c>level</c>, <c>event</c> (stable number), <c>name</c> (stable), <c>source</c>,
/// <c>message</c>, <c>exception</c> if there is one, and <c>data</c> with the values of the message by name. The formatter
/// that comes with .NET leaves the event's name out.
/// </summary>
internal sealed class JsonLineFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "sysgenid-json";

    private const string Template = "{OriginalFormat}";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("time", clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ"));
            json.WriteString("level", Level(logEntry.LogLevel));
            json.WriteNumber("event", logEntry.EventId.Id);
            if (logEntry.EventId.Name is { } name) json.WriteString("name", name);
            json.WriteString("source", logEntry.Category);
            json.WriteString("message", logEntry.Formatter(logEntry.State, logEntry.Exception));
            if (logEntry.Exception is { } exception) json.WriteString("exception", exception.ToString());
            WriteData(json, logEntry.State as IEnumerable<KeyValuePair<string, object?>> ?? []);
            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(line.WrittenSpan));
    }

    private static void WriteData(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, object?>> values)
    {
        json.WriteStartObject("data");
        foreach (var (name, value) in values)
        {
            if (name == Template) continue;
            json.WritePropertyName(JsonNamingPolicy.CamelCase.ConvertName(name));
            WriteValue(json, value);
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case byte or sbyte or short or ushort or int: json.WriteNumberValue(Convert.ToInt32(value)); break;
            case uint or long: json.WriteNumberValue(Convert.ToInt64(value)); break;
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            default: json.WriteStringValue(value.ToString()); break;
        }
    }

    // .NET's short names for a level are other ones in each of its formatters; these are the words of --log-level.
    private static string Level(LogLevel level) => level.ToString();
}
