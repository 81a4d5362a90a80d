using System.Buffers;
using System.Text.Json;

namespace SysGenId.Core.Protocol;

/// <summary>
/// A restore of which the agent did not hear, as the hook leaves it in the directory beside the agent's socket
/// (<see cref="SystemPaths.MissedName"/>). The agent books it when it is back and removes the file (S25).
/// </summary>
internal sealed record MissedRestore
{
    /// <summary>The longest file read, in bytes: a record, the lines of a process's cgroups and a sentence.</summary>
    public const int MaximumLength = 64 * 1024;

    /// <summary>The schema version written here. Readers take any: fields are added, never changed.</summary>
    public const int Version = 1;

    /// <summary>Whether CRIU was told to give up; otherwise the restore went on and its tasks ran.</summary>
    public required bool IsRefused { get; init; }

    /// <summary>When: nanoseconds since the Unix epoch.</summary>
    public long TimeNs { get; init; }

    public int CriuPid { get; init; }

    /// <summary>The pid of the container's first process; 0 when CRIU did not name it.</summary>
    public int InitPid { get; init; }

    /// <summary>The lines of that process's <c>/proc/PID/cgroup</c> at that moment; they tell pod and container.</summary>
    public string Cgroups { get; init; } = "";

    /// <summary>Why the agent did not hear of it: a sentence for people.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The record the checkpoint carried, if any.</summary>
    public CheckpointRecord? Record { get; init; }

    /// <summary>The content of a file; null when it is none.</summary>
    public static MissedRestore? TryParse(ReadOnlySpan<byte> json)
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

    /// <summary>The file's content.</summary>
    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version"u8, Version);
            writer.WriteString("outcome"u8, IsRefused ? Refused : Missed);
            writer.WriteNumber("timeNs"u8, TimeNs);
            writer.WriteNumber("criuPid"u8, CriuPid);
            writer.WriteNumber("initPid"u8, InitPid);
            writer.WriteString("cgroups"u8, Cgroups);
            writer.WriteString("reason"u8, Reason);
            if (Record is not null)
            {
                writer.WritePropertyName("record"u8);
                Record.Write(writer);
            }

            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private const string Missed = "missed";
    private const string Refused = "refused";

    private static MissedRestore? Read(ref Utf8JsonReader reader)
    {
        string? outcome = null;
        var missed = new MissedRestore { IsRefused = false };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("outcome"u8)) outcome = JsonFields.Text(ref reader);
            else if (reader.ValueTextEquals("timeNs"u8)) missed = missed with { TimeNs = JsonFields.Int64(ref reader) };
            else if (reader.ValueTextEquals("criuPid"u8)) missed = missed with { CriuPid = JsonFields.Count(ref reader) };
            else if (reader.ValueTextEquals("initPid"u8)) missed = missed with { InitPid = JsonFields.Count(ref reader) };
            else if (reader.ValueTextEquals("cgroups"u8)) missed = missed with { Cgroups = JsonFields.Text(ref reader) };
            else if (reader.ValueTextEquals("reason"u8)) missed = missed with { Reason = JsonFields.Text(ref reader) };
            else if (reader.ValueTextEquals("record"u8)) missed = missed with { Record = ReadRecord(ref reader) };
            else JsonFields.Skip(ref reader);
        }

        return outcome is Missed or Refused ? missed with { IsRefused = outcome == Refused } : null;
    }

    private static CheckpointRecord? ReadRecord(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.StartObject ? CheckpointRecord.Read(ref reader) : throw new JsonException("expected an object");
}
