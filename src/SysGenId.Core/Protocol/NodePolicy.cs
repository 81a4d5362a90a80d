using System.Buffers;
using System.Text.Json;

namespace SysGenId.Core.Protocol;

/// <summary>
/// What the hook must know while the agent is away (S25). The agent writes it beside its socket; where there is none,
/// the defaults hold.
/// </summary>
/// <param name="RestoreFailurePolicy">What a restore comes to that could not be published.</param>
/// <param name="PublishTimeout">How long a restore is held at most.</param>
internal sealed record NodePolicy(RestoreFailurePolicy RestoreFailurePolicy, TimeSpan PublishTimeout)
{
    /// <summary>The longest file read, in bytes.</summary>
    public const int MaximumLength = 4096;

    public static NodePolicy Default { get; } = new(RestoreFailurePolicy.Fail, TimeSpan.FromSeconds(5));

    /// <summary>The policy of a file's content; what it does not say, or not well, is the default.</summary>
    public static NodePolicy Parse(ReadOnlySpan<byte> json)
    {
        var policy = Default;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return Default;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("restoreFailurePolicy"u8))
                {
                    var ignore = JsonFields.Text(ref reader) == nameof(RestoreFailurePolicy.Ignore);
                    policy = policy with { RestoreFailurePolicy = ignore ? RestoreFailurePolicy.Ignore : RestoreFailurePolicy.Fail };
                }
                else if (reader.ValueTextEquals("publishTimeoutMs"u8))
                {
                    policy = policy with { PublishTimeout = TimeSpan.FromMilliseconds(JsonFields.Count(ref reader)) };
                }
                else
                {
                    JsonFields.Skip(ref reader);
                }
            }

            return policy;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return Default;
        }
    }

    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("restoreFailurePolicy"u8, RestoreFailurePolicy.ToString());
            json.WriteNumber("publishTimeoutMs"u8, (long)PublishTimeout.TotalMilliseconds);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
