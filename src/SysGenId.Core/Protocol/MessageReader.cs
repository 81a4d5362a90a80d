using System.Text.Json;
using SysGenId.Core.Generations;

namespace SysGenId.Core.Protocol;

/// <summary>Bytes of a line to a message.</summary>
internal static class MessageReader
{
    private const int MaximumDepth = 8;

    /// <summary>
    /// The message of a line. Unknown fields are passed over.
    /// </summary>
    /// <param name="line">Without its newline.</param>
    /// <param name="fault">What is wrong, for the peer, when null is returned.</param>
    public static Message? TryParse(ReadOnlySpan<byte> line, out string fault)
    {
        var field = "";
        try
        {
            fault = "";
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = MaximumDepth });
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                var message = new Message();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    field = reader.GetString()!;
                    message = ReadField(ref reader, field, message);
                }

                // Anything behind the object makes the reader throw.
                if (!reader.Read()) return message;
            }

            fault = "a line must be one JSON object";
        }
        catch (JsonException mistake) when (mistake.LineNumber is null)
        {
            fault = $"field '{Shortened(field)}': {mistake.Message}";
        }
        catch (Exception mistake) when (mistake is JsonException or InvalidOperationException)
        {
            fault = "a line must be one JSON object";
        }

        return null;
    }

    private static Message ReadField(ref Utf8JsonReader reader, string field, Message message)
    {
        switch (field)
        {
            case MessageField.Op: return message with { Op = JsonFields.Text(ref reader) };
            case MessageField.Ok: return message with { Ok = JsonFields.Boolean(ref reader) };
            case MessageField.Error: return message with { Error = JsonFields.Text(ref reader) };
            case MessageField.Text: return message with { Text = JsonFields.Text(ref reader) };
            case MessageField.Protocol: return message with { Protocol = JsonFields.Count(ref reader) };
            case MessageField.Role: return message with { Role = JsonFields.Text(ref reader) };
            case MessageField.Version: return message with { Version = JsonFields.Text(ref reader) };
            case MessageField.Directory: return message with { Directory = JsonFields.Text(ref reader) };
            case MessageField.Generation: return message with { Generation = JsonFields.UInt32(ref reader) };
            case MessageField.Minimum: return message with { Minimum = JsonFields.UInt32(ref reader) };
            case MessageField.MinimumGeneration: return message with { MinimumGeneration = JsonFields.UInt32(ref reader) };
            case MessageField.Id: return message with { Id = JsonFields.Id(ref reader) };
            case MessageField.Cause: return message with { Cause = ReadCause(ref reader) };
            case MessageField.TimeNs: return message with { TimeNs = JsonFields.Int64(ref reader) };
            case MessageField.GateProven: return message with { GateProven = JsonFields.Boolean(ref reader) };
            case MessageField.AgentConnected: return message with { AgentConnected = JsonFields.Boolean(ref reader) };
            case MessageField.Quiesced: return message with { IsQuiesced = JsonFields.Boolean(ref reader) };
            case MessageField.Container: return message with { Container = JsonFields.Text(ref reader) };
            case MessageField.Count: return message with { Count = JsonFields.Count(ref reader) };
            case MessageField.Checkpoint: return message with { Checkpoint = JsonFields.Text(ref reader) };
            case MessageField.Watchers: return message with { Watchers = JsonFields.Count(ref reader) };
            case MessageField.Outdated: return message with { Outdated = JsonFields.Count(ref reader) };
            case MessageField.Expected: return message with { Expected = JsonFields.Count(ref reader) };
            case MessageField.InitPid: return message with { InitPid = JsonFields.Count(ref reader) };
            case MessageField.ImageDirectory: return message with { ImageDirectory = JsonFields.Text(ref reader) };
            case MessageField.Stage: return message with { Stage = JsonFields.Text(ref reader) };
            case MessageField.Policy: return message with { Policy = JsonFields.Text(ref reader) };
            case MessageField.TimeoutMs: return message with { TimeoutMs = JsonFields.Int64(ref reader) };
            case MessageField.Record: return message with { Record = ReadRecord(ref reader) };
            default:
                JsonFields.Skip(ref reader);
                return message;
        }
    }

    // A cause of a newer version must not make a bump unreadable.
    private static GenerationCause ReadCause(ref Utf8JsonReader reader) =>
        GenerationCauses.TryParse(JsonFields.Text(ref reader), out var cause) ? cause : GenerationCause.Unknown;

    private static CheckpointRecord? ReadRecord(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return null;
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("expected an object");
        return CheckpointRecord.Read(ref reader) ?? throw new JsonException("expected an object with a generation");
    }

    private static string Shortened(string field) => field.Length <= 40 ? field : field[..40] + "…";
}
