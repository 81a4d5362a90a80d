using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using SysGenId.Core.Generations;

namespace SysGenId.Core.Protocol;

/// <summary>A message to the bytes of its line.</summary>
internal static class MessageWriter
{
    /// <summary>Sentences are for people: only what JSON demands is escaped.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The line of a message, newline included.</summary>
    public static byte[] ToLine(Message message)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            WriteFields(json, message);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The fields of a message, into an object that may get more.</summary>
    public static void WriteFields(Utf8JsonWriter json, Message message)
    {
        Write(json, MessageField.Op, message.Op);
        Write(json, MessageField.Ok, message.Ok);
        Write(json, MessageField.Error, message.Error);
        Write(json, MessageField.Text, message.Text);
        Write(json, MessageField.Protocol, message.Protocol);
        Write(json, MessageField.Role, message.Role);
        Write(json, MessageField.Version, message.Version);
        Write(json, MessageField.Directory, message.Directory);
        Write(json, MessageField.Generation, message.Generation);
        Write(json, MessageField.Minimum, message.Minimum);
        Write(json, MessageField.MinimumGeneration, message.MinimumGeneration);
        Write(json, MessageField.Id, message.Id);
        Write(json, MessageField.Cause, message.Cause?.Name());
        Write(json, MessageField.TimeNs, message.TimeNs);
        Write(json, MessageField.GateProven, message.GateProven);
        Write(json, MessageField.AgentConnected, message.AgentConnected);
        Write(json, MessageField.Quiesced, message.IsQuiesced);
        Write(json, MessageField.Container, message.Container);
        Write(json, MessageField.Count, message.Count);
        Write(json, MessageField.Checkpoint, message.Checkpoint);
        Write(json, MessageField.Watchers, message.Watchers);
        Write(json, MessageField.Outdated, message.Outdated);
        Write(json, MessageField.Expected, message.Expected);
        Write(json, MessageField.InitPid, message.InitPid);
        Write(json, MessageField.ImageDirectory, message.ImageDirectory);
        Write(json, MessageField.Stage, message.Stage);
        Write(json, MessageField.Policy, message.Policy);
        Write(json, MessageField.TimeoutMs, message.TimeoutMs);
        if (message.Record is not { } record) return;
        json.WritePropertyName(MessageField.Record);
        record.Write(json);
    }

    private static void Write(Utf8JsonWriter json, string field, string? value)
    {
        if (value is not null) json.WriteString(field, value);
    }

    private static void Write(Utf8JsonWriter json, string field, bool? value)
    {
        if (value is { } known) json.WriteBoolean(field, known);
    }

    private static void Write(Utf8JsonWriter json, string field, long? value)
    {
        if (value is { } known) json.WriteNumber(field, known);
    }

    private static void Write(Utf8JsonWriter json, string field, Guid? value)
    {
        if (value is { } known) json.WriteString(field, known);
    }
}
