using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SysGenId.Cli.Output;

/// <summary>One JSON object on one line.</summary>
internal static class JsonLine
{
    // Nothing is put into a web page: quotes and letters of all languages stay as they are. Control characters do not.
    private static readonly JsonWriterOptions _readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes an object, its newline, and hands it over at once: a reader in a pipe acts on it now.</summary>
    public static void Write(TextWriter output, Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, _readable))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }

        output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        output.Write('\n');
        output.Flush();
    }
}
