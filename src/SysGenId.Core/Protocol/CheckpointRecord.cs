using System.Buffers;
using System.Text.Json;

namespace SysGenId.Core.Protocol;

/// <summary>What travels inside a checkpoint as <c>sysgenid.json</c> (S21, S23). It comes from strangers: nothing in it grants anything.</summary>
internal sealed record CheckpointRecord
{
    /// <summary>The file's name in CRIU's image directory.</summary>
    public const string FileName = "sysgenid.json";

    /// <summary>The longest file read, in bytes.</summary>
    public const int MaximumLength = 16 * 1024;

    /// <summary>The schema version written here. Readers take any: fields are added, never changed.</summary>
    public const int Version = 1;

    /// <summary>The pod's generation when the checkpoint was taken.</summary>
    public required uint Generation { get; init; }

    /// <summary>Its name (S24).</summary>
    public Guid Id { get; init; }

    public string Node { get; init; } = "";

    public string PodUid { get; init; } = "";

    public string PodNamespace { get; init; } = "";

    public string PodName { get; init; } = "";

    public string Container { get; init; } = "";

    /// <summary>How many watchers the container had (S23).</summary>
    public int Watchers { get; init; }

    /// <summary>When: nanoseconds since the Unix epoch.</summary>
    public long TimeNs { get; init; }

    /// <summary>The record of a file's content; null when it is none.</summary>
    public static CheckpointRecord? TryParse(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 });
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? Read(ref reader) : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Reads the object a reader stands at; null when it names no generation.</summary>
    /// <exception cref="JsonException">Not JSON.</exception>
    /// <exception cref="InvalidOperationException">A field is of the wrong kind.</exception>
    public static CheckpointRecord? Read(ref Utf8JsonReader reader)
    {
        uint? generation = null;
        var record = new CheckpointRecord { Generation = 0 };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("generation"u8)) generation = JsonFields.UInt32(ref reader);
            else if (reader.ValueTextEquals("id"u8)) record = record with { Id = JsonFields.Id(ref reader) };
            else if (reader.ValueTextEquals("node"u8)) record = record with { Node = JsonFields.Text(ref reader) };
            else if (reader.ValueTextEquals("podUid"u8)) record = record with { PodUid = JsonFields.Text(ref reader) };
            else if (reader.ValueTextEquals("podNamespace"u8)) record = record with { PodNamespace = JsonFields.Text(ref reader) };
            else if (reader.ValueTextEquals("podName"u8)) record = record with { PodName = JsonFields.Text(ref reader) };
            else if (reader.ValueTextEquals("container"u8)) record = record with { Container = JsonFields.Text(ref reader) };
            else if (reader.ValueTextEquals("watchers"u8)) record = record with { Watchers = JsonFields.Count(ref reader) };
            else if (reader.ValueTextEquals("timeNs"u8)) record = record with { TimeNs = JsonFields.Int64(ref reader) };
            else JsonFields.Skip(ref reader);
        }

        return generation is { } value ? record with { Generation = value } : null;
    }

    /// <summary>The file's content.</summary>
    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer);
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("version"u8, Version);
        writer.WriteNumber("generation"u8, Generation);
        writer.WriteString("id"u8, Id);
        writer.WriteString("node"u8, Node);
        writer.WriteString("podUid"u8, PodUid);
        writer.WriteString("podNamespace"u8, PodNamespace);
        writer.WriteString("podName"u8, PodName);
        writer.WriteString("container"u8, Container);
        writer.WriteNumber("watchers"u8, Watchers);
        writer.WriteNumber("timeNs"u8, TimeNs);
        writer.WriteEndObject();
    }
}
